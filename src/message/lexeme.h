/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_LEXEME_H
#define MESSAGE_LEXEME_H

/*
 * The words of a structured header field (RFC 5322 3.2), with comments and
 * folding white space left out. Only the cutting: which words may follow which
 * is for the reader of the field.
 */

#include <stdbool.h>
#include <stddef.h>

enum lexeme_type {
	LEXEME_END,
	LEXEME_ATOM,    /* dots are part of it; so are 8-bit bytes */
	LEXEME_QUOTED,  /* the text between the quotes, escapes still there */
	LEXEME_LITERAL, /* a domain literal, with its brackets */
	LEXEME_SPECIAL  /* one of , : ; < > @ ) ] */
};

struct lexeme {
	enum lexeme_type type;
	const char *text; /* borrowed from what is read; "" at the end */
	size_t len;
};

struct lexeme_reader {
	const char *at; /* set both; at moves */
	const char *end;
	const char *fault; /* why lexeme_next failed: static, a few words */
};

/*
 * Reads the next token. Returns -1 when there is none that could be one: open
 * quotes, comments or brackets, a NUL, a line end that is no folding.
 */
int lexeme_next(struct lexeme_reader *reader, struct lexeme *ret_lexeme);

/* Whether the token is that special character. */
bool lexeme_is(const struct lexeme *lexeme, char special);

#endif
