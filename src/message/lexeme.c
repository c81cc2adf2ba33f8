/* SPDX-License-Identifier: MIT */
/*
 * Splits structured header fields into lexemes. Accepts 8-bit bytes in any
 * encoding, so that a display name does not make its address unreadable.
 */
#include "message/lexeme.h"

#include <string.h>

static int lexeme_skip_space(struct lexeme_reader *reader);
static int lexeme_skip_line_end(struct lexeme_reader *reader);
static int lexeme_skip_comment(struct lexeme_reader *reader);
static int lexeme_skip_enclosed(struct lexeme_reader *reader);
static void lexeme_skip_escape(struct lexeme_reader *reader);
static int lexeme_read_quoted(struct lexeme_reader *reader,
    struct lexeme *lexeme);
static int lexeme_read_literal(struct lexeme_reader *reader,
    struct lexeme *lexeme);
static int lexeme_read_atom(struct lexeme_reader *reader,
    struct lexeme *lexeme);
static int lexeme_fail(struct lexeme_reader *reader, const char *fault);

int
lexeme_next(struct lexeme_reader *reader, struct lexeme *ret_lexeme)
{
	struct lexeme lexeme = {.type = LEXEME_END, .text = ""};
	int result = 0;

	if (lexeme_skip_space(reader) == -1)
		return -1;
	if (reader->at < reader->end) {
		switch (*reader->at) {
		case '"':
			result = lexeme_read_quoted(reader, &lexeme);
			break;
		case '[':
			result = lexeme_read_literal(reader, &lexeme);
			break;
		case ',':
		case ':':
		case ';':
		case '<':
		case '>':
		case '@':
		case ')':
		case ']':
			lexeme.type = LEXEME_SPECIAL;
			lexeme.text = reader->at++;
			lexeme.len = 1;
			break;
		default:
			result = lexeme_read_atom(reader, &lexeme);
			break;
		}
	}
	if (result == 0)
		*ret_lexeme = lexeme;
	return result;
}

bool
lexeme_is(const struct lexeme *lexeme, char special)
{
	return lexeme->type == LEXEME_SPECIAL && *lexeme->text == special;
}

/* Skips white space, folding and comments (CFWS in RFC 5322 section 3.2.2). */
static int
lexeme_skip_space(struct lexeme_reader *reader)
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
			result = lexeme_skip_line_end(reader);
			break;
		case '(':
			result = lexeme_skip_comment(reader);
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
lexeme_skip_line_end(struct lexeme_reader *reader)
{
	const char *at = reader->at;

	at += at + 1 < reader->end && at[0] == '\r' && at[1] == '\n' ? 2 : 1;
	if (at == reader->end || (*at != ' ' && *at != '\t'))
		return lexeme_fail(reader, "contains a line end");
	reader->at = at;
	return 0;
}

/* Counts the depth instead of recursing, for headers full of parentheses. */
static int
lexeme_skip_comment(struct lexeme_reader *reader)
{
	size_t depth = 0;

	while (reader->at < reader->end) {
		if (*reader->at == '(')
			depth++;
		else if (*reader->at == ')')
			depth--;
		if (lexeme_skip_enclosed(reader) == -1)
			return -1;
		if (depth == 0)
			return 0;
	}
	return lexeme_fail(reader, "unclosed comment");
}

/* Skips one character of a comment or quoted string: a byte, an escape or a
 * folding line end. */
static int
lexeme_skip_enclosed(struct lexeme_reader *reader)
{
	switch (*reader->at) {
	case '\\':
		lexeme_skip_escape(reader);
		return 0;
	case '\r':
	case '\n':
		return lexeme_skip_line_end(reader);
	case '\0':
		return lexeme_fail(reader, "contains a NUL byte");
	default:
		reader->at++;
		return 0;
	}
}

/* Skips a backslash and the byte after it, except a line end. */
static void
lexeme_skip_escape(struct lexeme_reader *reader)
{
	reader->at++;
	if (reader->at < reader->end && strchr("\r\n", *reader->at) == NULL)
		reader->at++;
}

static int
lexeme_read_quoted(struct lexeme_reader *reader, struct lexeme *lexeme)
{
	const char *start = ++reader->at;

	while (reader->at < reader->end) {
		if (*reader->at == '"') {
			lexeme->type = LEXEME_QUOTED;
			lexeme->text = start;
			lexeme->len = (size_t)(reader->at++ - start);
			return 0;
		}
		if (lexeme_skip_enclosed(reader) == -1)
			return -1;
	}
	return lexeme_fail(reader, "unclosed quote");
}

static int
lexeme_read_literal(struct lexeme_reader *reader, struct lexeme *lexeme)
{
	const char *start = reader->at;

	while (reader->at < reader->end && *reader->at != ']') {
		if (memchr(" \t\r\n", *reader->at, 5) != NULL)
			return lexeme_fail(reader, "white space in brackets");
		reader->at++;
	}
	if (reader->at == reader->end)
		return lexeme_fail(reader, "unclosed bracket");
	lexeme->type = LEXEME_LITERAL;
	lexeme->text = start;
	lexeme->len = (size_t)(++reader->at - start);
	return 0;
}

static int
lexeme_read_atom(struct lexeme_reader *reader, struct lexeme *lexeme)
{
	static const char ends[] = "()<>[]:;@,\" \t\r\n"; /* and its NUL */
	const char *start = reader->at;

	while (reader->at < reader->end &&
	    memchr(ends, *reader->at, sizeof ends) == NULL)
		reader->at++;
	if (reader->at == start)
		return lexeme_fail(reader, "contains a NUL byte");
	lexeme->type = LEXEME_ATOM;
	lexeme->text = start;
	lexeme->len = (size_t)(reader->at - start);
	return 0;
}

static int
lexeme_fail(struct lexeme_reader *reader, const char *fault)
{
	reader->fault = fault;
	return -1;
}
