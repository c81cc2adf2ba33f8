/* SPDX-License-Identifier: MIT */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

/* Splits a command line from the configuration, which is not run by a shell. */

#include <stddef.h>

/*
 * Splits text in place at spaces and tabs. There is no quoting, so words cannot
 * contain them. Returns 0, or -1 if there are more than max words.
 */
int words_split(char *text, char *word[], size_t max, size_t *ret_count);

#endif
