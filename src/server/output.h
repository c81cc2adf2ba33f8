/* SPDX-License-Identifier: MIT */
#ifndef SERVER_OUTPUT_H
#define SERVER_OUTPUT_H

/* Replies on their way to the client, sent together (RFC 2920). */

#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "server/reply.h"

struct server_output {
	int fd;
	int64_t timeout_ms; /* for the client to take them */
	struct buf pending;
};

/* fd is borrowed. */
void server_output_init(struct server_output *output, int fd,
    int64_t timeout_ms);
void server_output_done(struct server_output *output);

/* Adds a reply; sends if many are pending. ERROR_IO, ERROR_SYSTEM. */
int server_output_add(struct server_output *output,
    const struct server_reply *reply, struct error *err);

/* Sends what is pending. ERROR_IO: the client does not take it. */
int server_output_flush(struct server_output *output, struct error *err);

#endif
