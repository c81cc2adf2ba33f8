/* SPDX-License-Identifier: MIT */
/*
 * A scanner that only finds words, comments and punctuation. What they mean is
 * libconfuse's business.
 */
#include "config/clean.h"

#include <stdbool.h>
#include <string.h>

enum {
	WORD_MAX = 65536 /* bytes: libconfuse is slow with longer ones */
};

struct cleaner {
	const char *path;
	const char *at;
	const char *end;
	unsigned line;
	unsigned depth;     /* of braces */
	unsigned open_line; /* of the last brace that opened the outermost */
	struct buf *out;
	size_t word_start;  /* of the last word in out */
	bool word_is_plain; /* no byte that libconfuse minds in a name */
	struct error *err;
};

static int clean_next(struct cleaner *cleaner);
static int clean_comment(struct cleaner *cleaner);
static int clean_line_end(struct cleaner *cleaner);
static int clean_equals(struct cleaner *cleaner, size_t len);
static int clean_bytes(struct cleaner *cleaner, size_t len);
static int clean_single_quoted(struct cleaner *cleaner);
static int clean_double_quoted(struct cleaner *cleaner);
static int clean_bare(struct cleaner *cleaner);
static int begin_word(struct cleaner *cleaner);
static int put(struct cleaner *cleaner);
static int end_word(struct cleaner *cleaner);
static bool looking_at(const struct cleaner *cleaner, const char *text);
static bool at_line_end(const struct cleaner *cleaner);
static int complain(struct cleaner *cleaner, const char *what);

int
config_clean(const char *path, const char *text, size_t len, struct buf *out,
    struct error *err)
{
	struct cleaner cleaner = {.path = path,
	    .at = text,
	    .end = text + len,
	    .line = 1,
	    .out = out,
	    .err = err};

	if (looking_at(&cleaner, "\xEF\xBB\xBF"))
		cleaner.at += 3;
	while (cleaner.at < cleaner.end) {
		if (clean_next(&cleaner) == -1)
			return -1;
	}
	if (cleaner.depth > 0) {
		cleaner.line = cleaner.open_line;
		return complain(&cleaner, "the brace isn't closed");
	}
	return 0;
}

static int
clean_next(struct cleaner *cleaner)
{
	if (looking_at(cleaner, "#") || looking_at(cleaner, "//") ||
	    looking_at(cleaner, "/*"))
		return clean_comment(cleaner);
	if (at_line_end(cleaner))
		return clean_line_end(cleaner);
	if (looking_at(cleaner, "+="))
		return clean_equals(cleaner, 2);
	switch (*cleaner->at) {
	case '=':
		return clean_equals(cleaner, 1);
	case '{':
		if (cleaner->depth++ == 0)
			cleaner->open_line = cleaner->line;
		return clean_bytes(cleaner, 1);
	case '}':
		if (cleaner->depth > 0)
			cleaner->depth--;
		return clean_bytes(cleaner, 1);
	case ' ':
	case '\t':
	case '(':
	case ')':
	case ',':
		return clean_bytes(cleaner, 1);
	case '\'':
		return clean_single_quoted(cleaner);
	case '"':
		return clean_double_quoted(cleaner);
	default:
		return clean_bare(cleaner);
	}
}

static int
clean_comment(struct cleaner *cleaner)
{
	unsigned opened = cleaner->line;

	if (!looking_at(cleaner, "/*")) {
		while (cleaner->at < cleaner->end && !at_line_end(cleaner))
			cleaner->at++;
		return 0;
	}
	cleaner->at += 2;
	while (cleaner->at < cleaner->end && !looking_at(cleaner, "*/")) {
		if (!at_line_end(cleaner))
			cleaner->at++;
		else if (clean_line_end(cleaner) == -1)
			return -1;
	}
	if (cleaner->at == cleaner->end) {
		cleaner->line = opened;
		return complain(cleaner, "the comment isn't closed");
	}
	cleaner->at += 2;
	return buf_add(cleaner->out, " ", 1, cleaner->err);
}

static int
clean_line_end(struct cleaner *cleaner)
{
	if (*cleaner->at == '\r')
		cleaner->at++;
	cleaner->line++;
	return clean_bytes(cleaner, 1);
}

/* In a name, libconfuse takes some bytes for a path to an option elsewhere. */
static int
clean_equals(struct cleaner *cleaner, size_t len)
{
	if (!cleaner->word_is_plain)
		return complain(cleaner, "a name is missing before \"=\"");
	return clean_bytes(cleaner, len);
}

static int
clean_bytes(struct cleaner *cleaner, size_t len)
{
	const char *bytes = cleaner->at;

	cleaner->at += len;
	return buf_add(cleaner->out, bytes, len, cleaner->err);
}

static int
clean_single_quoted(struct cleaner *cleaner)
{
	cleaner->at++;
	if (begin_word(cleaner) == -1)
		return -1;
	while (!looking_at(cleaner, "'")) {
		if (cleaner->at == cleaner->end || at_line_end(cleaner))
			return complain(cleaner, "the quote isn't closed");
		if (looking_at(cleaner, "\\'") || looking_at(cleaner, "\\\\"))
			cleaner->at++;
		if (put(cleaner) == -1)
			return -1;
	}
	cleaner->at++;
	return end_word(cleaner);
}

static int
clean_double_quoted(struct cleaner *cleaner)
{
	cleaner->at++;
	if (begin_word(cleaner) == -1)
		return -1;
	while (!looking_at(cleaner, "\"")) {
		if (cleaner->at == cleaner->end || at_line_end(cleaner))
			return complain(cleaner, "the quote isn't closed");
		if (looking_at(cleaner, "${"))
			return complain(cleaner, "${...} isn't replaced here");
		if (looking_at(cleaner, "\\")) {
			cleaner->at++;
			if (cleaner->at == cleaner->end ||
			    strchr("\"'\\$", *cleaner->at) == NULL)
				return complain(cleaner,
				    "a backslash stands alone: write \\\\");
		}
		if (put(cleaner) == -1)
			return -1;
	}
	cleaner->at++;
	return end_word(cleaner);
}

static int
clean_bare(struct cleaner *cleaner)
{
	if (begin_word(cleaner) == -1)
		return -1;
	while (cleaner->at < cleaner->end && !at_line_end(cleaner) &&
	    (*cleaner->at == '\0' ||
		strchr(" \t\"'{}()=,#", *cleaner->at) == NULL) &&
	    !looking_at(cleaner, "+=")) {
		if (looking_at(cleaner, "${"))
			return complain(cleaner, "${...} isn't replaced here");
		if (put(cleaner) == -1)
			return -1;
	}
	return end_word(cleaner);
}

static int
begin_word(struct cleaner *cleaner)
{
	cleaner->word_start = cleaner->out->len;
	cleaner->word_is_plain = true;
	return buf_add(cleaner->out, "'", 1, cleaner->err);
}

/* Adds the byte in hand to the word that is open, in single quotes. */
static int
put(struct cleaner *cleaner)
{
	char c = *cleaner->at;

	if ((unsigned char)c < 0x20 || c == 0x7F)
		return complain(cleaner, "a control character");
	if (cleaner->out->len - cleaner->word_start > WORD_MAX)
		return complain(cleaner, "a word is too long");
	if (c == '|' || c == '=' || c == '\'')
		cleaner->word_is_plain = false;
	if ((c == '\'' || c == '\\') &&
	    buf_add(cleaner->out, "\\", 1, cleaner->err) == -1)
		return -1;
	return clean_bytes(cleaner, 1);
}

static int
end_word(struct cleaner *cleaner)
{
	return buf_add(cleaner->out, "' ", 2, cleaner->err);
}

static bool
looking_at(const struct cleaner *cleaner, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(cleaner->end - cleaner->at) >= len &&
	    memcmp(cleaner->at, text, len) == 0;
}

static bool
at_line_end(const struct cleaner *cleaner)
{
	return looking_at(cleaner, "\n") || looking_at(cleaner, "\r\n");
}

static int
complain(struct cleaner *cleaner, const char *what)
{
	error_set(cleaner->err, ERROR_CONFIG, "%s:%u: %s", cleaner->path,
	    cleaner->line, what);
	if (*what == '$')
		error_hint(cleaner->err,
		    "in single quotes ${ stands for itself");
	return -1;
}
