/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_HOLD_MESSAGE_H
#define SUBMIT_HOLD_MESSAGE_H

/* Passes a message from one process to another, as a descriptor. */

#include "base/error.h"
#include "smtp/body.h"

/* Writes the message to a file without a name that can't be changed any more,
 * where the system can do that. Returns its descriptor; -1: ERROR_CREATE,
 * ERROR_IO, or the error of the body. */
int hold_message_write(const struct smtp_body *body, struct error *err);

/* A message that came. */
struct hold_message {
	int fd; /* borrowed */
	uint64_t size;
	uint64_t position;
	/* Called before the last bytes are passed on; a failure stops that. */
	int (*before_end)(void *context, struct error *err);
	void *context;
};

/* Prepares a message in fd, and sets the functions of body to read it.
 * ERROR_DATA if fd is no file. */
int hold_message_open(struct hold_message *message, int fd,
    struct smtp_body *body, struct error *err);

#endif
