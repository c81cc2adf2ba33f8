/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_CODEC_H
#define CREDENTIAL_CODEC_H

/*
 * git's credential protocol: lines "key=value", ended by an empty line or the
 * end of the stream (git-credential(1), "INPUT/OUTPUT FORMAT"). Both programs
 * use it, so it is here once.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/secret.h"

enum credential_key {
	CREDENTIAL_PROTOCOL, /* always "smtp" between our programs */
	CREDENTIAL_HOST,     /* "host" or "host:port" on the wire */
	CREDENTIAL_USERNAME,
	CREDENTIAL_KEY_COUNT
};

struct credential_message {
	char *value[CREDENTIAL_KEY_COUNT]; /* NULL when absent */
	struct secret *password;	   /* NULL when absent */
};

void credential_message_init(struct credential_message *message);
void credential_message_done(struct credential_message *message);

/* Copies a value in. CR, LF and NUL in it are refused: ERROR_CONFIG. */
int credential_message_set(struct credential_message *message,
    enum credential_key key, const char *value, struct error *err);

/*
 * Reads one message from fd until the empty line, the end, or the deadline
 * (ERROR_TEMPORARY). Unknown keys are ignored, as git does. A line without "="
 * or with a NUL is ERROR_DATA. Nothing secret is left in a buffer.
 */
int credential_message_read(struct credential_message *message, int fd,
    int64_t deadline_ms, struct error *err);

/*
 * Writes the message and an empty line to fd. A reader that has gone away is no
 * error: a helper that needs no input may close it. ERROR_IO.
 */
int credential_message_write(const struct credential_message *message, int fd,
    struct error *err);

#endif
