/* SPDX-License-Identifier: MIT */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

/* The words of a command line in a configuration, which no shell reads. */

#include <stddef.h>

/*
 * Splits text in place at spaces and tabs and points word at each; a program's
 * path can't hold one. Returns 0, or -1 when there are more than max words.
 */
int words_split(char *text, char *word[], size_t max, size_t *ret_count);

#endif
