/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_FOLDED_TEXT_H
#define SUBMIT_FOLDED_TEXT_H

/* Finds words in what a server said, whatever its case and punctuation. */

#include <stdbool.h>
#include <stddef.h>

enum {
	FOLDED_TEXT_SIZE = 1024
};

/*
 * Text for comparison: lower case, words separated by one space, a space at
 * both ends; without HTML tags and punctuation. "SMTP; isn't <b>OK</b>" becomes
 * " smtp isnt ok ".
 */
struct folded_text {
	char folded[FOLDED_TEXT_SIZE];
};

/* Text that does not fit is cut. */
void folded_text_init(struct folded_text *text, const char *original);

/*
 * Returns whether the text contains every term of the pattern. Terms are
 * separated by spaces; a term lists alternatives with "|"; "!" negates it. An
 * alternative is a word, or words that follow each other joined by "-"; a "*"
 * at its end stands for the rest of the word: "wrong|invalid app-password*
 * !code". One that contains non-ASCII characters may begin and end within a
 * word, because not all languages separate words.
 */
bool folded_text_has(const struct folded_text *text, const char *pattern,
    size_t pattern_len);

/*
 * Finds a period such as "in 15 minutes" or "3600 seconds". Returns false if
 * there is none, or if it is longer than 31 days.
 */
bool folded_text_find_wait(const struct folded_text *text,
    unsigned long *ret_seconds);

#endif
