/* SPDX-License-Identifier: MIT */
#ifndef SERVER_CONTENT_H
#define SERVER_CONTENT_H

/*
 * Finds the end of a message and undoes dot stuffing (RFC 5321 section 4.5.2).
 *
 * A client that ends its commands with CRLF is a mail program: only CRLF ends
 * a line here, so that a bare LF in a message can neither end it nor begin
 * other commands. For one that ends them with LF, such as a person, LF does.
 */

#include <stdbool.h>
#include <stddef.h>

enum server_content_state {
	CONTENT_LINE_START,
	CONTENT_IN_LINE,
	CONTENT_CR,     /* in a line, after CR */
	CONTENT_DOT,    /* after a dot at the start of a line */
	CONTENT_DOT_CR, /* after that and CR */
	CONTENT_END     /* after the lone dot */
};

struct server_content {
	enum server_content_state state;
	bool crlf_only;
};

/* Begins a message after the line of DATA. */
void server_content_begin(struct server_content *content, bool crlf_only);

/* Takes decoded bytes. */
typedef void server_content_sink(void *context, const char *bytes, size_t len);

/*
 * Decodes the next bytes and passes them to sink. Returns how many were used:
 * fewer than len only if the message has ended.
 */
size_t server_content_decode(struct server_content *content, const char *bytes,
    size_t len, server_content_sink *sink, void *context);

#endif
