/* SPDX-License-Identifier: MIT */
#ifndef REPORT_TERMINAL_STYLE_H
#define REPORT_TERMINAL_STYLE_H

/*
 * Colours, marks and the width of a terminal. A stream that is not a terminal
 * gets no colours and no width: scripts, logs and files see the same plain
 * lines always.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum terminal_style {
	STYLE_PLAIN,
	STYLE_ERROR,
	STYLE_WARNING,
	STYLE_HINT,
	STYLE_SUCCESS
};

/*
 * Returns the width of the terminal that out writes to, by COLUMNS if that is
 * set. 0: out is no terminal, or does not say; lines are then not wrapped.
 */
size_t terminal_columns(FILE *out);

/*
 * Writes text, in the colour of the style if out is a terminal. TERM=dumb and a
 * value of NO_COLOR turn colours off.
 */
void style_print(FILE *out, enum terminal_style style, const char *text);

/* Returns whether the locale (LC_ALL, LC_CTYPE, LANG) uses UTF-8. */
bool style_has_utf8(void);

#endif
