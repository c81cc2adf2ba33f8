/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what a server says: replies stay within their bounds, an answer
 * to EHLO offers whole words only, and an error shows nothing but text.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtp/extensions.h"
#include "smtp/reply-text.h"
#include "smtp/reply.h"

#include "fuzz.h"

/* Stripping makes a text shorter, and what is shown fits. */
static void
check_plain(const struct buf *text)
{
	struct buf plain;
	struct error err;
	char shown[100];

	buf_init(&plain, REPLY_TEXT_MAX);
	require(buf_add(&plain, buf_text(text), text->len, &err) == 0);
	require(reply_text_strip(&plain) == (plain.len < text->len));
	require(plain.len <= text->len);
	reply_text_show(shown, sizeof shown, buf_text(&plain), plain.len);
	check_text(shown);
	buf_done(&plain);
}

static void
check_reply(const struct smtp_reply *reply)
{
	struct smtp_extensions extensions;
	struct error err;

	check_plain(&reply->text);

	require(reply->code >= 200 && reply->code <= 599);
	require(reply->text.len <= REPLY_TEXT_MAX);
	require(strlen(reply->enhanced) < sizeof reply->enhanced);
	require(smtp_reply_fail(reply, "host port 587", "EHLO", &err) == -1);
	require(err.code != ERROR_NONE && err.reply_code == reply->code);
	check_text(err.message);
	smtp_extensions_parse(&extensions, reply);
	require(strlen(extensions.mechanisms) < sizeof extensions.mechanisms);
	require(!smtp_extensions_offer(&extensions, "NO SUCH\nWORD"));
}

/* One line after the other, as from the wire; a reply that ends is looked at,
 * and the next begins. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *at = (const char *)data;
	const char *end = at + len;
	struct smtp_reply reply;
	struct error err;

	smtp_reply_init(&reply);
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t line_len = (size_t)((stop != NULL ? stop : end) - at);
		bool is_last = false;
		/* The wire ends a line with a NUL that isn't counted. */
		char *line = malloc(line_len + 1);

		require(line != NULL);
		memcpy(line, at, line_len);
		line[line_len] = '\0';
		if (smtp_reply_add_line(&reply, line, line_len, &is_last,
			&err) == -1) {
			require(err.code == ERROR_TEMPORARY);
			smtp_reply_clear(&reply);
		} else if (is_last) {
			check_reply(&reply);
			smtp_reply_clear(&reply);
		}
		free(line);
		at += line_len + 1;
	}
	smtp_reply_done(&reply);
	return 0;
}
