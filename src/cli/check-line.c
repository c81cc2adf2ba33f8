/* SPDX-License-Identifier: MIT */
/*
 * Aligns the lines of a check, and marks each: is it good or bad?
 */
#include "cli/check-line.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/wrap.h"
#include "report/terminal-style.h"

enum {
	LABEL_COLUMNS = 11,
	MARK_COLUMNS = 3,
	COMMAND_COLUMN = 13, /* the longest is to fit on a line */
	WORDS_COLUMN = 25,
	LINE_COLUMNS = 80 /* of a file */
};

static void print_mark(enum check_mark mark);

void
check_line(enum check_mark mark, const char *label, int64_t ms,
    const char *format, ...)
{
	size_t terminal = terminal_columns(stdout);
	char words[CHECK_LINE_SIZE];
	va_list args;

	va_start(args, format);
	text_vformat_printable(words, sizeof words, format, args);
	va_end(args);
	print_mark(mark);
	printf("%s%*s", label, LABEL_COLUMNS - (int)strlen(label), "");
	if (ms == CHECK_NO_TIME)
		printf("%*s", WORDS_COLUMN - MARK_COLUMNS - LABEL_COLUMNS, "");
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

static void
print_mark(enum check_mark mark)
{
	static const struct {
		const char *ascii;
		const char *utf8;
		enum terminal_style style;
	} marks[] = {[CHECK_PLAIN] = {"", "", STYLE_PLAIN},
	    [CHECK_OK] = {"ok", "\xe2\x9c\x93", STYLE_SUCCESS},
	    [CHECK_WARNING] = {"!", "!", STYLE_WARNING},
	    [CHECK_FAILED] = {"x", "\xe2\x9c\x97", STYLE_ERROR}};
	bool is_utf8 = style_has_utf8();
	const char *text = is_utf8 ? marks[mark].utf8 : marks[mark].ascii;
	int columns = is_utf8 && *text != '\0' ? 1 : (int)strlen(text);

	style_print(stdout, marks[mark].style, text);
	printf("%*s", MARK_COLUMNS - columns, "");
}
