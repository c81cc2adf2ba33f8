/* SPDX-License-Identifier: MIT */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

/* Command lines as words: splits those that no shell runs, and copies lists of
 * arguments. */

#include <stddef.h>

#include "base/error.h"

/*
 * Splits text in place at spaces and tabs. There is no quoting, so words cannot
 * contain them. Returns 0, or -1 if there are more than max words.
 */
int words_split(char *text, char *word[], size_t max, size_t *ret_count);

/* Returns a copy of a list that ends with NULL, for words_free; NULL when out
 * of memory. */
char **words_copy(char *const word[], struct error *err);

/* Frees a list and its words. Accepts NULL. */
void words_free(char **word);

#endif
