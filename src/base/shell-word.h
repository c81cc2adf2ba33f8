/* SPDX-License-Identifier: MIT */
#ifndef BASE_SHELL_WORD_H
#define BASE_SHELL_WORD_H

/* Quotes words for a shell. */

#include "base/buf.h"
#include "base/error.h"

/* Adds the word to line, in single quotes if it needs any. ERROR_SYSTEM;
 * ERROR_DATA if the line is full. */
int shell_word_add(struct buf *line, const char *word, struct error *err);

#endif
