/* SPDX-License-Identifier: MIT */
/*
 * Formats one line at a time. The text comes back exactly when a reader joins
 * the lines that end with a space and removes the stuffed spaces.
 */
#include "compose/flowed.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum {
	WIDTH_MAX = 78, /* RFC 3676 4.2; longer lines are divided */
	WIDTH = 72      /* of the parts of a divided line */
};

static size_t count_quotes(const char *line, size_t len);
static bool is_signature(const char *text, size_t len);
static int add_line(struct buf *out, size_t quotes, const char *text,
    size_t len, struct error *err);
static bool needs_stuffing(const char *text, size_t len);
static size_t find_break(const char *text, size_t len, size_t width);
static size_t count_characters(const char *text, size_t len);

int
flowed_add_line(struct buf *out, const char *line, size_t len,
    struct error *err)
{
	size_t quotes = count_quotes(line, len);
	const char *text = line + quotes;

	len -= quotes;
	/* It is taken for a stuffed space. */
	if (quotes > 0 && len > 0 && *text == ' ') {
		text++;
		len--;
	}
	if (is_signature(text, len))
		return add_line(out, quotes, text, len, err);
	while (len > 0 && text[len - 1] == ' ')
		len--;
	while (quotes + 1 + count_characters(text, len) > WIDTH_MAX) {
		size_t part = find_break(text, len,
		    quotes + 1 < WIDTH ? WIDTH - quotes - 1 : 1);

		if (part == len)
			break;
		if (add_line(out, quotes, text, part, err) == -1)
			return -1;
		text += part;
		len -= part;
	}
	return add_line(out, quotes, text, len, err);
}

static size_t
count_quotes(const char *line, size_t len)
{
	size_t count = 0;

	while (count < len && line[count] == '>')
		count++;
	return count;
}

static bool
is_signature(const char *text, size_t len)
{
	return len == 3 && memcmp(text, "-- ", 3) == 0;
}

static int
add_line(struct buf *out, size_t quotes, const char *text, size_t len,
    struct error *err)
{
	for (size_t i = 0; i < quotes; i++) {
		if (buf_add(out, ">", 1, err) == -1)
			return -1;
	}
	if (quotes > 0 ? len > 0 : needs_stuffing(text, len)) {
		if (buf_add(out, " ", 1, err) == -1)
			return -1;
	}
	if (buf_add(out, text, len, err) == -1)
		return -1;
	return buf_add(out, "\n", 1, err);
}

/* "From " would be changed by programs that keep mail in one file. */
static bool
needs_stuffing(const char *text, size_t len)
{
	return (len > 0 && (*text == ' ' || *text == '>')) ||
	    (len >= 5 && memcmp(text, "From ", 5) == 0);
}

/* Returns the length of the first part, which ends with a space; len if there
 * is no place to divide. */
static size_t
find_break(const char *text, size_t len, size_t width)
{
	size_t found = 0;
	size_t characters = 0;
	bool has_word = false;

	for (size_t i = 0; i < len; i++) {
		characters += count_characters(text + i, 1);
		has_word = has_word || text[i] != ' ';
		if (found > 0 && characters > width)
			break;
		if (text[i] == ' ' && has_word && !is_signature(text, i + 1))
			found = i + 1;
	}
	return found > 0 ? found : len;
}

/* Of UTF-8. */
static size_t
count_characters(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += ((unsigned char)text[i] & 0xC0) != 0x80;
	return count;
}
