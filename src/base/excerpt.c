/* SPDX-License-Identifier: MIT */
/*
 * Compares a text with a command line at all pairs of positions, because shells
 * quote and truncate commands in different ways.
 */
#include "base/excerpt.h"

#include <string.h>

#include "base/error.h"

enum {
	EXCERPT_LEN = 4,
	WORD_LEN = 3
};

static bool excerpt_begins(const char *text, const char *text_end,
    const char *command, const char *command_end, bool at_word_start);
static int excerpt_next(const char **at, const char *end);
static bool is_word_at(const char *at, const char *end);

bool
excerpt_is_in(const char *text, size_t len, const char *command)
{
	const char *text_end =
	    text + (len < ERROR_MESSAGE_SIZE ? len : ERROR_MESSAGE_SIZE);
	const char *command_end = command + strlen(command);

	for (const char *at = text; at < text_end; at++) {
		bool is_start = at == text || !is_word_at(at - 1, text_end);

		for (const char *to = command; to < command_end; to++) {
			bool is_both = is_start &&
			    (to == command || !is_word_at(to - 1, command_end));

			if (excerpt_begins(at, text_end, to, command_end,
				is_both))
				return true;
		}
	}
	return false;
}

static bool
excerpt_begins(const char *text, const char *text_end, const char *command,
    const char *command_end, bool at_word_start)
{
	int count = 0;

	while (count < EXCERPT_LEN) {
		const char *text_next = text;
		const char *command_next = command;
		int c = excerpt_next(&text_next, text_end);

		if (c == -1 || c != excerpt_next(&command_next, command_end))
			break;
		text = text_next;
		command = command_next;
		count++;
	}
	if (count == EXCERPT_LEN)
		return true;
	return count == WORD_LEN && at_word_start &&
	    !is_word_at(text, text_end) && !is_word_at(command, command_end);
}

/* Returns the next significant character in lower case, -1 at a blank or the
 * end. */
static int
excerpt_next(const char **at, const char *end)
{
	int c;

	while (*at < end && strchr("\"'`\\", **at) != NULL)
		++*at;
	if (*at == end || strchr(" \t\r\n", **at) != NULL)
		return -1;
	c = (unsigned char)*(*at)++;
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool
is_word_at(const char *at, const char *end)
{
	return at < end &&
	    ((*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z') ||
		(*at >= 'A' && *at <= 'Z') || *at == '_' || (*at & 0x80) != 0);
}
