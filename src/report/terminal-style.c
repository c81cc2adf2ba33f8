/* SPDX-License-Identifier: MIT */
/*
 * Colours and the width of a terminal. No other file writes an escape sequence.
 */
#include "report/terminal-style.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"

enum {
	COLUMNS_MIN = 20, /* narrower terminals wrap by themselves */
	COLUMNS_MAX = 10000
};

static bool has_colours(FILE *out);
static bool is_set(const char *variable);

size_t
terminal_columns(FILE *out)
{
	const char *variable = getenv("COLUMNS");
	struct winsize size = {.ws_col = 0};
	uint64_t columns;

	if (isatty(fileno(out)) != 1)
		return 0;
	if (variable == NULL ||
	    text_number(variable, COLUMNS_MAX, &columns) == -1 || columns == 0)
		columns = ioctl(fileno(out), TIOCGWINSZ, &size) == 0
		    ? size.ws_col
		    : 0;
	return columns >= COLUMNS_MIN ? (size_t)columns : 0;
}

void
style_print(FILE *out, enum terminal_style style, const char *text)
{
	static const char *const codes[] = {[STYLE_PLAIN] = "",
	    [STYLE_ERROR] = "1;31",
	    [STYLE_WARNING] = "1;33",
	    [STYLE_HINT] = "1;36",
	    [STYLE_SUCCESS] = "1;32"};

	if (style == STYLE_PLAIN || !has_colours(out))
		fputs(text, out);
	else
		fprintf(out, "\033[%sm%s\033[m", codes[style], text);
}

bool
style_has_utf8(void)
{
	static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	const char *codeset = NULL;

	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		const char *value = getenv(variables[i]);

		if (value != NULL && *value != '\0') {
			codeset = strchr(value, '.');
			break;
		}
	}
	return codeset != NULL &&
	    (strncasecmp(codeset, ".utf-8", 6) == 0 ||
		strncasecmp(codeset, ".utf8", 5) == 0);
}

static bool
has_colours(FILE *out)
{
	const char *term = getenv("TERM");

	return term != NULL && *term != '\0' && strcmp(term, "dumb") != 0 &&
	    !is_set("NO_COLOR") && isatty(fileno(out)) == 1;
}

static bool
is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value != NULL && *value != '\0';
}
