/* SPDX-License-Identifier: MIT */
/*
 * Aligns the lines of a check, and colours the labels that call for attention.
 */
#include "cli/check-line.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/wrap.h"
#include "cli/terminal-style.h"

enum {
	LABEL_COLUMNS = 11,
	COMMAND_COLUMN = 13, /* the longest is to fit on a line */
	WORDS_COLUMN = 22,
	LINE_COLUMNS = 80 /* of a file */
};

static enum terminal_style style_of_label(const char *label);

void
check_line(const char *label, int64_t ms, const char *format, ...)
{
	size_t terminal = terminal_columns(stdout);
	char words[CHECK_LINE_SIZE];
	va_list args;

	va_start(args, format);
	text_vformat_printable(words, sizeof words, format, args);
	va_end(args);
	style_print(stdout, style_of_label(label), label);
	printf("%*s", LABEL_COLUMNS - (int)strlen(label), "");
	if (ms == CHECK_NO_TIME)
		printf("%*s", WORDS_COLUMN - LABEL_COLUMNS, "");
	else
		printf("%6" PRId64 " ms  ", ms);
	wrap_print(stdout, words, WORDS_COLUMN, WORDS_COLUMN,
	    terminal > 0 ? terminal : LINE_COLUMNS);
	fflush(stdout);
}

void
check_line_command(const char *command)
{
	printf("%*s%s\n", COMMAND_COLUMN, "", command);
	fflush(stdout);
}

static enum terminal_style
style_of_label(const char *label)
{
	return strcmp(label, "warning") == 0 ? STYLE_WARNING : STYLE_PLAIN;
}
