/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_TOKEN_H
#define MESSAGE_TOKEN_H

/*
 * The words of a structured header field (RFC 5322 3.2), with comments and
 * folding white space left out. Only the cutting: which words may follow which
 * is for the reader of the field.
 */

#include <stdbool.h>
#include <stddef.h>

enum token_type {
	TOKEN_END,
	TOKEN_ATOM,    /* dots are part of it; so are 8-bit bytes */
	TOKEN_QUOTED,  /* the text between the quotes, escapes still there */
	TOKEN_LITERAL, /* a domain literal, with its brackets */
	TOKEN_SPECIAL  /* one of , : ; < > @ ) ] */
};

struct token {
	enum token_type type;
	const char *text; /* borrowed from what is read; "" at the end */
	size_t len;
};

struct token_reader {
	const char *at; /* set both; at moves */
	const char *end;
	const char *fault; /* why token_next failed: static, a few words */
};

/*
 * Reads the next token. Returns -1 when there is none that could be one: open
 * quotes, comments or brackets, a NUL, a line end that is no folding.
 */
int token_next(struct token_reader *reader, struct token *ret_token);

/* Whether the token is that special character. */
bool token_is(const struct token *token, char special);

#endif
