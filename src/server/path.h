/* SPDX-License-Identifier: MIT */
#ifndef SERVER_PATH_H
#define SERVER_PATH_H

/*
 * The argument of MAIL and RCPT: a path in angle brackets and parameters (RFC
 * 5321 sections 4.1.1 and 4.1.2).
 */

#include <stdbool.h>
#include <stdint.h>

#include "server/reply.h"

enum server_path_kind {
	SERVER_PATH_MAIL,
	SERVER_PATH_RCPT
};

enum server_body {
	SERVER_BODY_UNKNOWN,
	SERVER_BODY_7BIT,
	SERVER_BODY_8BITMIME
};

/* Texts are borrowed from the line; NULL if they are not given. */
struct server_path {
	const char *address; /* without brackets and source route */
	bool has_size;
	uint64_t size;           /* RFC 1870 */
	enum server_body body;   /* RFC 6152 */
	bool utf8;               /* RFC 6531 */
	const char *return_type; /* RFC 3461: FULL or HDRS */
	const char *envelope_id; /* xtext */
	const char *notify;      /* NEVER, or a list */
	const char *original;    /* of ORCPT: type;xtext */
};

/*
 * Parses argument, the text after MAIL or RCPT, which is changed. -1 with a
 * reply that says what is wrong: 501, or 555 for an unknown parameter.
 */
int server_path_parse(struct server_path *path, enum server_path_kind kind,
    char *argument, struct server_reply *reply);

#endif
