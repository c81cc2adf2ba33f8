/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_LEXEME_H
#define MESSAGE_LEXEME_H

/*
 * Splits a structured header field (RFC 5322 section 3.2) into lexemes and
 * skips comments and folding white space. Does not check their order.
 */

#include <stdbool.h>
#include <stddef.h>

enum lexeme_type {
	LEXEME_END,
	LEXEME_ATOM,    /* may contain dots and 8-bit bytes */
	LEXEME_QUOTED,  /* the text between the quotes, with escapes */
	LEXEME_LITERAL, /* a domain literal, with brackets */
	LEXEME_SPECIAL  /* one of , : ; < > @ ) ] */
};

struct lexeme {
	enum lexeme_type type;
	const char *text; /* borrowed from the input; "" at the end */
	size_t len;
};

struct lexeme_reader {
	const char *at; /* the rest of the input; set by the caller */
	const char *end;
	const char *fault; /* why lexeme_next failed; static */
};

/*
 * Reads the next lexeme. Returns -1 on unclosed quotes, comments or brackets, a
 * NUL, or a line end that is not folding.
 */
int lexeme_next(struct lexeme_reader *reader, struct lexeme *ret_lexeme);

/* Returns whether the lexeme is that special character. */
bool lexeme_is(const struct lexeme *lexeme, char special);

#endif
