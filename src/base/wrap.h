/* SPDX-License-Identifier: MIT */
#ifndef BASE_WRAP_H
#define BASE_WRAP_H

/*
 * Breaks text into lines between words, by the columns that its characters take
 * on a terminal.
 */

#include <stddef.h>
#include <stdio.h>

/*
 * Writes text and a line feed to out, at column `column` of a line. A word that
 * would end after column `width` begins a new line, indented to `indent`. A
 * command line of postrider is not broken if it fits on a line, so that it can
 * be copied. A width of 0 breaks nothing.
 */
void wrap_print(FILE *out, const char *text, size_t column, size_t indent,
    size_t width);

#endif
