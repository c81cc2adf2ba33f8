/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_VOCABULARY_H
#define SUBMIT_VOCABULARY_H

/*
 * Finds patterns in what a server said. A pattern can name a list of words.conf
 * instead of repeating its words: "$password" is said if one of the words for
 * a password is, in whatever language.
 */

#include <stdbool.h>
#include <stddef.h>

#include "submit/folded-text.h"

enum {
	VOCABULARY_LISTS_MAX = 96
};

/* A list of words.conf. Its name is not terminated. */
struct vocabulary_list {
	const char *name;
	size_t name_len;
	bool is_said;
};

struct vocabulary {
	const struct folded_text *text;
	size_t text_len;
	struct vocabulary_list lists[VOCABULARY_LISTS_MAX];
	size_t count;
};

/*
 * Finds the lists of which the text contains a word. Borrows it. A line of
 * words.conf is the name of a list and a term of a pattern (see
 * vocabulary_has); an indented line continues it. A list can refer to those
 * above it.
 */
void vocabulary_init(struct vocabulary *vocabulary, const char *word_lists,
    const struct folded_text *text);

/* Returns whether there is a list with this name, without "$". */
bool vocabulary_names(const struct vocabulary *vocabulary, const char *name,
    size_t len);

/*
 * Returns whether the text contains every term of the pattern. Terms are
 * separated by spaces; a term lists alternatives with "|", which a space may
 * follow; "!" negates it. An
 * alternative is a word, or words that follow each other joined by "-"; a "*"
 * at its end stands for the rest of the word; "$" and a name stand for a list:
 * "wrong|$fail app-password* !code". One that still contains non-ASCII
 * characters when it is folded may begin and end within a word, because not
 * all languages separate words. An unknown list is never said.
 */
bool vocabulary_has(const struct vocabulary *vocabulary, const char *pattern,
    size_t pattern_len);

#endif
