/* SPDX-License-Identifier: MIT */
/*
 * Scans words, comments and punctuation, and copies them in a form that
 * libconfuse reads correctly. Doesn't check the syntax otherwise.
 */
#include "config/normalize.h"

#include <stdbool.h>
#include <string.h>

enum {
	WORD_MAX = 65536 /* bytes: libconfuse is slow with longer ones */
};

struct normalizer {
	const char *path;
	const char *at;
	const char *end;
	unsigned line;
	unsigned depth;     /* of braces */
	unsigned open_line; /* of the last brace at depth 0 */
	struct buf *out;
	size_t word_start;  /* of the last word in out */
	bool word_is_plain; /* no byte that is special in a name */
	struct error *err;
};

static int normalize_next(struct normalizer *normalizer);
static int normalize_comment(struct normalizer *normalizer);
static int normalize_line_end(struct normalizer *normalizer);
static int normalize_equals(struct normalizer *normalizer, size_t len);
static int normalize_bytes(struct normalizer *normalizer, size_t len);
static int normalize_single_quoted(struct normalizer *normalizer);
static int normalize_double_quoted(struct normalizer *normalizer);
static int normalize_bare(struct normalizer *normalizer);
static int normalize_word_begin(struct normalizer *normalizer);
static int normalize_byte(struct normalizer *normalizer);
static int normalize_word_end(struct normalizer *normalizer);
static bool looking_at(const struct normalizer *normalizer, const char *text);
static bool at_line_end(const struct normalizer *normalizer);
static int normalize_refuse(struct normalizer *normalizer, const char *what);

int
normalize_config(const char *path, const char *text, size_t len,
    struct buf *out, struct error *err)
{
	struct normalizer normalizer = {.path = path,
	    .at = text,
	    .end = text + len,
	    .line = 1,
	    .out = out,
	    .err = err};

	if (looking_at(&normalizer, "\xEF\xBB\xBF"))
		normalizer.at += 3;
	while (normalizer.at < normalizer.end) {
		if (normalize_next(&normalizer) == -1)
			return -1;
	}
	if (normalizer.depth > 0) {
		normalizer.line = normalizer.open_line;
		return normalize_refuse(&normalizer, "unclosed \"{\"");
	}
	return 0;
}

static int
normalize_next(struct normalizer *normalizer)
{
	if (looking_at(normalizer, "#") || looking_at(normalizer, "//") ||
	    looking_at(normalizer, "/*"))
		return normalize_comment(normalizer);
	if (at_line_end(normalizer))
		return normalize_line_end(normalizer);
	if (looking_at(normalizer, "+="))
		return normalize_equals(normalizer, 2);
	switch (*normalizer->at) {
	case '=':
		return normalize_equals(normalizer, 1);
	case '{':
		if (normalizer->depth++ == 0)
			normalizer->open_line = normalizer->line;
		return normalize_bytes(normalizer, 1);
	case '}':
		if (normalizer->depth > 0)
			normalizer->depth--;
		return normalize_bytes(normalizer, 1);
	case ' ':
	case '\t':
	case '(':
	case ')':
	case ',':
		return normalize_bytes(normalizer, 1);
	case '\'':
		return normalize_single_quoted(normalizer);
	case '"':
		return normalize_double_quoted(normalizer);
	default:
		return normalize_bare(normalizer);
	}
}

static int
normalize_comment(struct normalizer *normalizer)
{
	unsigned opened = normalizer->line;

	if (!looking_at(normalizer, "/*")) {
		while (normalizer->at < normalizer->end &&
		    !at_line_end(normalizer))
			normalizer->at++;
		return 0;
	}
	normalizer->at += 2;
	while (
	    normalizer->at < normalizer->end && !looking_at(normalizer, "*/")) {
		if (!at_line_end(normalizer))
			normalizer->at++;
		else if (normalize_line_end(normalizer) == -1)
			return -1;
	}
	if (normalizer->at == normalizer->end) {
		normalizer->line = opened;
		return normalize_refuse(normalizer, "unclosed comment");
	}
	normalizer->at += 2;
	return buf_add(normalizer->out, " ", 1, normalizer->err);
}

static int
normalize_line_end(struct normalizer *normalizer)
{
	if (*normalizer->at == '\r')
		normalizer->at++;
	normalizer->line++;
	return normalize_bytes(normalizer, 1);
}

/* libconfuse interprets some bytes of a name as a path to another option. */
static int
normalize_equals(struct normalizer *normalizer, size_t len)
{
	if (!normalizer->word_is_plain)
		return normalize_refuse(normalizer,
		    "missing name before \"=\"");
	return normalize_bytes(normalizer, len);
}

static int
normalize_bytes(struct normalizer *normalizer, size_t len)
{
	const char *bytes = normalizer->at;

	normalizer->at += len;
	return buf_add(normalizer->out, bytes, len, normalizer->err);
}

static int
normalize_single_quoted(struct normalizer *normalizer)
{
	normalizer->at++;
	if (normalize_word_begin(normalizer) == -1)
		return -1;
	while (!looking_at(normalizer, "'")) {
		if (normalizer->at == normalizer->end ||
		    at_line_end(normalizer))
			return normalize_refuse(normalizer, "unclosed quote");
		if (looking_at(normalizer, "\\'") ||
		    looking_at(normalizer, "\\\\"))
			normalizer->at++;
		if (normalize_byte(normalizer) == -1)
			return -1;
	}
	normalizer->at++;
	return normalize_word_end(normalizer);
}

static int
normalize_double_quoted(struct normalizer *normalizer)
{
	normalizer->at++;
	if (normalize_word_begin(normalizer) == -1)
		return -1;
	while (!looking_at(normalizer, "\"")) {
		if (normalizer->at == normalizer->end ||
		    at_line_end(normalizer))
			return normalize_refuse(normalizer, "unclosed quote");
		if (looking_at(normalizer, "${"))
			return normalize_refuse(normalizer,
			    "${...} isn't replaced here");
		if (looking_at(normalizer, "\\")) {
			normalizer->at++;
			if (normalizer->at == normalizer->end ||
			    strchr("\"'\\$", *normalizer->at) == NULL)
				return normalize_refuse(normalizer,
				    "invalid escape sequence; for a "
				    "backslash write \\\\");
		}
		if (normalize_byte(normalizer) == -1)
			return -1;
	}
	normalizer->at++;
	return normalize_word_end(normalizer);
}

static int
normalize_bare(struct normalizer *normalizer)
{
	if (normalize_word_begin(normalizer) == -1)
		return -1;
	while (normalizer->at < normalizer->end && !at_line_end(normalizer) &&
	    (*normalizer->at == '\0' ||
		strchr(" \t\"'{}()=,#", *normalizer->at) == NULL) &&
	    !looking_at(normalizer, "+=")) {
		if (looking_at(normalizer, "${"))
			return normalize_refuse(normalizer,
			    "${...} isn't replaced here");
		if (normalize_byte(normalizer) == -1)
			return -1;
	}
	return normalize_word_end(normalizer);
}

static int
normalize_word_begin(struct normalizer *normalizer)
{
	normalizer->word_start = normalizer->out->len;
	normalizer->word_is_plain = true;
	return buf_add(normalizer->out, "'", 1, normalizer->err);
}

/* Adds the current byte to the word, which is in single quotes. */
static int
normalize_byte(struct normalizer *normalizer)
{
	char c = *normalizer->at;

	if ((unsigned char)c < 0x20 || c == 0x7F)
		return normalize_refuse(normalizer,
		    "unexpected control character");
	if (normalizer->out->len - normalizer->word_start > WORD_MAX)
		return normalize_refuse(normalizer, "value too long");
	if (c == '|' || c == '=' || c == '\'')
		normalizer->word_is_plain = false;
	if ((c == '\'' || c == '\\') &&
	    buf_add(normalizer->out, "\\", 1, normalizer->err) == -1)
		return -1;
	return normalize_bytes(normalizer, 1);
}

static int
normalize_word_end(struct normalizer *normalizer)
{
	return buf_add(normalizer->out, "' ", 2, normalizer->err);
}

static bool
looking_at(const struct normalizer *normalizer, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(normalizer->end - normalizer->at) >= len &&
	    memcmp(normalizer->at, text, len) == 0;
}

static bool
at_line_end(const struct normalizer *normalizer)
{
	return looking_at(normalizer, "\n") || looking_at(normalizer, "\r\n");
}

static int
normalize_refuse(struct normalizer *normalizer, const char *what)
{
	error_set(normalizer->err, ERROR_CONFIG, "%s:%u: %s", normalizer->path,
	    normalizer->line, what);
	if (*what == '$')
		error_hint(normalizer->err,
		    "use single quotes for a literal ${");
	return -1;
}
