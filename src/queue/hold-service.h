/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_HOLD_SERVICE_H
#define QUEUE_HOLD_SERVICE_H

/* Sends the messages of clients in one session, and answers them. */

#include "submit/held-session.h"
#include "submit/hold-channel.h"

struct hold_service {
	struct held_session held;
	struct attempt_observer observer;
	struct hold_channel *client; /* NULL: none, or it can't be reached */
	bool has_sent;     /* a message in a session of this account */
	bool end_went_out; /* of the message of this client */
	unsigned sent;     /* messages in this session */
	/* Called when all is done but the answer to the client; or NULL. */
	void (*before_answer)(void *context);
	void *context;
	bool wants_lines;
	bool wants_progress;
};

/* The route is borrowed. It must not be moved. */
void hold_service_init(struct hold_service *service, const struct route *route);

/* Serves the client that is connected to fd, and closes the connection. A
 * client that can't be reached before the end of its message goes out has not
 * sent it. */
void hold_service_serve(struct hold_service *service, int fd);

/* Ends the session. */
void hold_service_done(struct hold_service *service);

#endif
