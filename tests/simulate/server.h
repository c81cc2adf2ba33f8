/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SERVER_H
#define TESTS_SERVER_H

/*
 * A simulated submission server. It mostly follows RFC 5321, and departs from
 * it in so many of a thousand replies: wrong codes, fragments, silence, cuts,
 * endless data, lines of the client quoted with the secrets in them. It records
 * what it has really done.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#include "network.h"
#include "seed.h"

enum {
	SERVER_RECIPIENTS_MAX = 3
};

enum server_state {
	SERVER_COMMAND,
	SERVER_AUTH, /* a response of the client follows */
	SERVER_DATA,
	SERVER_CHUNK
};

/* What the server did for one recipient, in all sessions of a run. */
struct server_record {
	unsigned deliveries; /* accepted, and not said to be refused */
	bool was_accepted;   /* a 2xx reply to the message was sent */
};

struct server {
	struct seed *seed;
	uint32_t deviations;
	const char *expected; /* the content, with CRLF and without dots */
	size_t expected_len;
	void (*on_violation)(void *context, const char *what);
	void *context;

	enum server_state state;
	bool is_implicit; /* TLS before the greeting */
	bool is_tls;
	struct buf line; /* a command that is not complete */
	struct buf last; /* the last commands, to be quoted */
	struct buf content;
	size_t chunk_left;
	bool chunk_is_last;
	unsigned auth_steps; /* that follow */
	bool has_sender;
	bool takes_recipient[SERVER_RECIPIENTS_MAX];

	struct server_record record[SERVER_RECIPIENTS_MAX];
	unsigned replies;   /* in this session */
	bool is_misleading; /* a reply was not to the command it seems to be */
	bool has_deviated;
};

/* seed and expected are borrowed. */
void server_init(struct server *server, struct seed *seed, uint32_t deviations,
    const char *expected, size_t expected_len);
void server_done(struct server *server);

/* The handlers of network.h; context is the server. */
void server_on_connect(void *context, bool tls);
void server_on_handshake(void *context);
void server_on_bytes(void *context, const char *bytes, size_t len);

#endif
