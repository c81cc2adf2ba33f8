/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_FOLDED_TEXT_H
#define SUBMIT_FOLDED_TEXT_H

/* What a server said, whatever its case, punctuation and accents. */

#include <stdbool.h>
#include <stddef.h>

enum {
	FOLDED_TEXT_SIZE = 1024
};

/*
 * Text for comparison: lower case, words separated by one space, a space at
 * both ends; without HTML tags, mail addresses, punctuation and accents. "SMTP;
 * isn't <b>dé</b>" becomes " smtp isnt de ".
 */
struct folded_text {
	char folded[FOLDED_TEXT_SIZE];
};

/* Text that does not fit is cut. */
void folded_text_init(struct folded_text *text, const char *original);

/*
 * Finds a period such as "in 15 minutes" or "3600 seconds". Returns false if
 * there is none, or if it is longer than 31 days.
 */
bool folded_text_find_wait(const struct folded_text *text,
    unsigned long *ret_seconds);

#endif
