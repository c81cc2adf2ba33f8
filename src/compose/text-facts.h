/* SPDX-License-Identifier: MIT */
#ifndef COMPOSE_TEXT_FACTS_H
#define COMPOSE_TEXT_FACTS_H

/* Measures text that comes in pieces, to choose its charset and encoding. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_facts {
	bool is_utf8; /* ASCII is too */
	bool has_nul;
	uint64_t size;
	uint64_t count_8bit;   /* bytes that are not ASCII */
	uint64_t longest_line; /* in bytes, without its line end */

	uint64_t line_len; /* of the unfinished line */
	char carry[4];     /* an unfinished character */
	size_t carry_len;
};

void text_facts_init(struct text_facts *facts);

/* Adds a piece, which may end within a character. */
void text_facts_add(struct text_facts *facts, const char *bytes, size_t len);

/* Ends the text. */
void text_facts_finish(struct text_facts *facts);

#endif
