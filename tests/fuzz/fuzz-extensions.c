/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the lines of a reply to EHLO: exactly the extensions that a line
 * begins with are on, and exactly whole mechanisms are offered.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "smtp/extensions.h"

#include "fuzz.h"

enum {
	WORD_SIZE = 64
};

/* Whether a line after the first is the keyword, up to " ", "=" or its end. */
static bool
has_keyword(const char *text, const char *keyword)
{
	size_t len = strlen(keyword);

	for (text = strchr(text, '\n'); text != NULL;
	     text = strchr(text, '\n')) {
		text++;
		if (strncasecmp(text, keyword, len) == 0 &&
		    strchr(" =\n", text[len]) != NULL)
			return true;
	}
	return false;
}

/* Whether a line "AUTH ..." has the word. */
static bool
auth_line_has(const char *text, const char *word, size_t len)
{
	while ((text = strchr(text, '\n')) != NULL) {
		const char *at = ++text + 4;
		const char *end = text + strcspn(text, "\n");

		if (strncasecmp(text, "AUTH", 4) != 0 || at >= end ||
		    (*at != ' ' && *at != '='))
			continue;
		for (at++; at + len <= end; at++) {
			if (strncasecmp(at, word, len) == 0 &&
			    (at[-1] == ' ' || at[-1] == '=') &&
			    (at + len == end || at[len] == ' '))
				return true;
		}
	}
	return false;
}

static void
check_mechanisms(const struct smtp_extensions *extensions, const char *text)
{
	const char *word = extensions->mechanisms;

	require(strlen(word) < sizeof extensions->mechanisms);
	while (*(word += strspn(word, " ")) != '\0') {
		size_t len = strcspn(word, " ");
		char copy[WORD_SIZE];

		require(extensions->auth && auth_line_has(text, word, len));
		if (len < sizeof copy - 2) {
			memcpy(copy, word, len);
			copy[len] = '\0';
			require(smtp_extensions_offer(extensions, copy));
		}
		word += len;
	}
	require(!smtp_extensions_offer(extensions, "NO\nSUCH"));
}

static void
check_keywords(const struct smtp_extensions *extensions, const char *text)
{
	const struct {
		const char *keyword;
		bool is_on;
	} pairs[] = {
	    {"STARTTLS", extensions->starttls},
	    {"PIPELINING", extensions->pipelining},
	    {"CHUNKING", extensions->chunking},
	    {"8BITMIME", extensions->eightbitmime},
	    {"SMTPUTF8", extensions->smtputf8},
	    {"DSN", extensions->dsn},
	    {"ENHANCEDSTATUSCODES", extensions->enhanced},
	    {"SIZE", extensions->size},
	    {"AUTH", extensions->auth},
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		require(has_keyword(text, pairs[i].keyword) == pairs[i].is_on);
	require(extensions->size || extensions->size_max == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct smtp_extensions extensions;
	struct smtp_reply reply;
	struct error err;

	/* A reply has neither, or is refused. */
	if (len > REPLY_TEXT_MAX || memchr(data, '\0', len) != NULL)
		return 0;
	smtp_reply_init(&reply);
	require(buf_add(&reply.text, data, len, &err) == 0);
	smtp_extensions_parse(&extensions, &reply);
	check_keywords(&extensions, buf_text(&reply.text));
	check_mechanisms(&extensions, buf_text(&reply.text));
	smtp_reply_done(&reply);
	return 0;
}
