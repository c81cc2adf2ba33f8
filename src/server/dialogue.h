/* SPDX-License-Identifier: MIT */
#ifndef SERVER_DIALOGUE_H
#define SERVER_DIALOGUE_H

/*
 * An SMTP server for one client, on two descriptors (RFC 5321). It knows the
 * protocol; what becomes of a message is decided by a handler.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "server/path.h"
#include "server/reply.h"

enum {
	SERVER_UNANSWERED_MAX = 64, /* rcpt without rcpt_reply */
	SERVER_HAND_OVER = 1        /* no reply code */
};

/* The functions are called in the order of a transaction: mail; rcpt and
 * rcpt_reply for each recipient; data, content and message; or forget. */
struct server_handler {
	/* A transaction begins. A reply other than 2xx ends it. The code
	   SERVER_HAND_OVER leaves the command to another process. */
	void (*mail)(void *context, const struct server_path *path,
	    struct server_reply *reply);

	/* A recipient is named. The reply is asked for later, so that several
	   can be passed on in one flight. */
	void (*rcpt)(void *context, const struct server_path *path);

	/* The reply to the first rcpt that has none yet. */
	void (*rcpt_reply)(void *context, struct server_reply *reply);

	/* A message follows, if the reply is 354. */
	void (*data)(void *context, struct server_reply *reply);
	void (*content)(void *context, const char *bytes, size_t len);

	/* The message is complete; this ends the transaction. */
	void (*message)(void *context, struct server_reply *reply);
	void (*message_answered)(void *context); /* the reply was written */

	/* The transaction ends without a message. Called at any time. */
	void (*forget)(void *context);

	/* The client has been silent for so long, without a transaction: first
	   for idle_ms of the parameters. Returns the time after which to call
	   it again; 0: never. */
	int64_t (*idle)(void *context, int64_t silent_ms);
	void *context;
};

struct server_params {
	int in, out;
	const char *name;   /* of this host */
	int64_t timeout_ms; /* for the next command or piece of a message */
	int64_t idle_ms;    /* 0: never */
};

/*
 * How one process continues the dialogue of another: input has arrived, but is
 * not answered. It begins with MAIL if a handler has handed that over, and is
 * empty before the dialogue and at its end. At most SERVER_INPUT_SIZE bytes.
 */
struct server_handover {
	struct buf input;
};

/*
 * Serves the client until it quits, its input ends, or a command is handed
 * over. -1: ERROR_INPUT if that
 * was in the middle of a message, which is not passed to the handler;
 * ERROR_TEMPORARY if it was silent too long; ERROR_IO if it does not take the
 * replies; ERROR_SYSTEM.
 */
int server_run(const struct server_params *params,
    const struct server_handler *handler, struct server_handover *handover,
    struct error *err);

#endif
