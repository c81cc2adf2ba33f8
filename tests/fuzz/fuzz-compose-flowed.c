/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as lines of text: a reader of format=flowed (RFC 3676 section 4.1)
 * gets every line back, but for spaces at its end.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "compose/flowed.h"

#include "fuzz.h"

struct line {
	size_t quotes;
	const char *text;
	size_t len;
};

static bool
is_signature(const struct line *line)
{
	return line->len == 3 && memcmp(line->text, "-- ", 3) == 0;
}

/* Takes quote marks and a stuffed space away. */
static struct line
read_line(const char *text, size_t len)
{
	struct line line = {.quotes = 0};

	while (line.quotes < len && text[line.quotes] == '>')
		line.quotes++;
	line.text = text + line.quotes;
	line.len = len - line.quotes;
	if (line.len > 0 && *line.text == ' ') {
		line.text++;
		line.len--;
	}
	return line;
}

/* Of 78 characters at most; a byte in the middle of one does not count. */
static bool
is_narrow(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += ((unsigned char)text[i] & 0xC0) != 0x80;
	return count <= 78;
}

/* Whether there is a space between words, at which it could be divided. */
static bool
has_break(const struct line *line)
{
	size_t start = 0;
	size_t end = line->len;

	while (start < end && line->text[start] == ' ')
		start++;
	while (end > start && line->text[end - 1] == ' ')
		end--;
	if (end - start > 3 && memcmp(line->text + start, "-- ", 3) == 0)
		start += 3;
	return memchr(line->text + start, ' ', end - start) != NULL;
}

/* Checks the joined text; all of it must be one paragraph. */
static void
check_flowed(const char *flowed, const struct line *expected)
{
	char *joined = malloc(expected->len + 1);
	size_t len = 0;
	bool is_finished = false;

	require(joined != NULL);
	while (*flowed != '\0') {
		size_t size = strcspn(flowed, "\n");
		struct line line = read_line(flowed, size);

		require(flowed[size] == '\n' && !is_finished);
		require(line.quotes == expected->quotes);
		require(len + line.len <= expected->len);
		memcpy(joined + len, line.text, line.len);
		len += line.len;
		is_finished = line.len == 0 || is_signature(&line) ||
		    line.text[line.len - 1] != ' ';
		require(is_narrow(flowed, size) || !has_break(&line));
		flowed += size + 1;
	}
	require(is_finished && len == expected->len);
	require(memcmp(joined, expected->text, len) == 0);
	free(joined);
}

static void
check_line(const char *text, size_t len)
{
	struct line expected = read_line(text, len);
	struct buf out;
	struct error err;
	bool is_kept;

	if (expected.quotes == 0)
		expected = (struct line){0, text, len};
	is_kept = is_signature(&expected);
	while (!is_kept && expected.len > 0 &&
	    expected.text[expected.len - 1] == ' ')
		expected.len--;
	buf_init(&out, 1 << 24);
	require(flowed_add_line(&out, text, len, &err) == 0);
	check_flowed(buf_text(&out), &expected);
	buf_done(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *at = (const char *)data;
	const char *end = at + len;

	while (at < end) {
		const char *line = at;

		while (at < end && *at != '\n' && *at != '\0')
			at++;
		check_line(line, (size_t)(at - line));
		at++;
	}
	return 0;
}
