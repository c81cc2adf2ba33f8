/* SPDX-License-Identifier: MIT */
#ifndef CLI_WRAP_H
#define CLI_WRAP_H

/*
 * Breaks text into lines between words.
 */

#include <stddef.h>
#include <stdio.h>

/*
 * Writes text and a line feed to out, at column `column` of a line. A word that
 * would end after column `width` begins a new line, indented to `indent`.
 */
void wrap_print(FILE *out, const char *text, size_t column, size_t indent,
    size_t width);

#endif
