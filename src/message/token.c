/* SPDX-License-Identifier: MIT */
/*
 * Cuts structured fields into words. Knows nothing of addresses, and isn't
 * strict about bytes: a name in an old 8-bit encoding must not keep the address
 * beside it from being found.
 */
#include "message/token.h"

#include <string.h>

static int skip_space(struct token_reader *reader);
static int skip_line_end(struct token_reader *reader);
static int skip_comment(struct token_reader *reader);
static int skip_enclosed(struct token_reader *reader);
static void skip_escape(struct token_reader *reader);
static int read_quoted(struct token_reader *reader, struct token *token);
static int read_literal(struct token_reader *reader, struct token *token);
static int read_atom(struct token_reader *reader, struct token *token);
static int fail(struct token_reader *reader, const char *fault);

int
token_next(struct token_reader *reader, struct token *ret_token)
{
	struct token token = {.type = TOKEN_END, .text = ""};
	int result = 0;

	if (skip_space(reader) == -1)
		return -1;
	if (reader->at < reader->end) {
		switch (*reader->at) {
		case '"':
			result = read_quoted(reader, &token);
			break;
		case '[':
			result = read_literal(reader, &token);
			break;
		case ',':
		case ':':
		case ';':
		case '<':
		case '>':
		case '@':
		case ')':
		case ']':
			token.type = TOKEN_SPECIAL;
			token.text = reader->at++;
			token.len = 1;
			break;
		default:
			result = read_atom(reader, &token);
			break;
		}
	}
	if (result == 0)
		*ret_token = token;
	return result;
}

bool
token_is(const struct token *token, char special)
{
	return token->type == TOKEN_SPECIAL && *token->text == special;
}

/* White space, folding and comments: RFC 5322 3.2.2 calls it CFWS. */
static int
skip_space(struct token_reader *reader)
{
	while (reader->at < reader->end) {
		int result;

		switch (*reader->at) {
		case ' ':
		case '\t':
			reader->at++;
			continue;
		case '\r':
		case '\n':
			result = skip_line_end(reader);
			break;
		case '(':
			result = skip_comment(reader);
			break;
		default:
			return 0;
		}
		if (result == -1)
			return -1;
	}
	return 0;
}

static int
skip_line_end(struct token_reader *reader)
{
	const char *at = reader->at;

	at += at + 1 < reader->end && at[0] == '\r' && at[1] == '\n' ? 2 : 1;
	if (at == reader->end || (*at != ' ' && *at != '\t'))
		return fail(reader, "a line end in an address");
	reader->at = at;
	return 0;
}

/* Nesting is counted, not recursed into: a header may be all parentheses. */
static int
skip_comment(struct token_reader *reader)
{
	size_t depth = 0;

	while (reader->at < reader->end) {
		if (*reader->at == '(')
			depth++;
		else if (*reader->at == ')')
			depth--;
		if (skip_enclosed(reader) == -1)
			return -1;
		if (depth == 0)
			return 0;
	}
	return fail(reader, "a comment that isn't closed");
}

/* One byte of a comment or quoted string, or what stands for one. */
static int
skip_enclosed(struct token_reader *reader)
{
	switch (*reader->at) {
	case '\\':
		skip_escape(reader);
		return 0;
	case '\r':
	case '\n':
		return skip_line_end(reader);
	case '\0':
		return fail(reader, "a NUL byte");
	default:
		reader->at++;
		return 0;
	}
}

/* A backslash and what it quotes; a line end or NUL it can't quote. */
static void
skip_escape(struct token_reader *reader)
{
	reader->at++;
	if (reader->at < reader->end && strchr("\r\n", *reader->at) == NULL)
		reader->at++;
}

static int
read_quoted(struct token_reader *reader, struct token *token)
{
	const char *start = ++reader->at;

	while (reader->at < reader->end) {
		if (*reader->at == '"') {
			token->type = TOKEN_QUOTED;
			token->text = start;
			token->len = (size_t)(reader->at++ - start);
			return 0;
		}
		if (skip_enclosed(reader) == -1)
			return -1;
	}
	return fail(reader, "a quote that isn't closed");
}

static int
read_literal(struct token_reader *reader, struct token *token)
{
	const char *start = reader->at;

	while (reader->at < reader->end && *reader->at != ']') {
		if (memchr(" \t\r\n", *reader->at, 5) != NULL)
			return fail(reader, "white space in brackets");
		reader->at++;
	}
	if (reader->at == reader->end)
		return fail(reader, "a bracket that isn't closed");
	token->type = TOKEN_LITERAL;
	token->text = start;
	token->len = (size_t)(++reader->at - start);
	return 0;
}

static int
read_atom(struct token_reader *reader, struct token *token)
{
	static const char ends[] = "()<>[]:;@,\" \t\r\n"; /* and its NUL */
	const char *start = reader->at;

	while (reader->at < reader->end &&
	    memchr(ends, *reader->at, sizeof ends) == NULL)
		reader->at++;
	if (reader->at == start)
		return fail(reader, "a NUL byte");
	token->type = TOKEN_ATOM;
	token->text = start;
	token->len = (size_t)(reader->at - start);
	return 0;
}

static int
fail(struct token_reader *reader, const char *fault)
{
	reader->fault = fault;
	return -1;
}
