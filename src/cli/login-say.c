/* SPDX-License-Identifier: MIT */
/*
 * Prints what login tells the user, wrapped to the terminal.
 */
#include "cli/login.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/wrap.h"
#include "report/terminal-style.h"

enum {
	INDENT = 2,
	LINE_SIZE = 4096
};

void
login_say(const struct login *login, const char *format, ...)
{
	char line[LINE_SIZE];
	va_list args;

	if (login->options->report.json)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	wrap_print(stdout, line, 0, INDENT, terminal_columns(stdout));
	if (login->is_interactive)
		fflush(stdout);
}

int
login_add_line(struct buf *question, size_t indent, struct error *err,
    const char *format, ...)
{
	char line[LINE_SIZE];
	char *wrapped = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&wrapped, &len);
	va_list args;
	int result = -1;

	if (out == NULL)
		return error_no_memory(err);
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	wrap_print(out, line, 0, indent, terminal_columns(stdout));
	if (fclose(out) == EOF)
		error_no_memory(err);
	else
		result = buf_add(question, wrapped, len, err);
	free(wrapped);
	return result;
}
