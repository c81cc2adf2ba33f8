/* SPDX-License-Identifier: MIT */
#ifndef SERVER_REPLY_H
#define SERVER_REPLY_H

/* A reply to a command (RFC 5321 section 4.2). */

#include "base/buf.h"
#include "base/error.h"

enum {
	SERVER_REPLY_TEXT_SIZE = 2048,
	SERVER_REPLY_LINE_MAX = 510 /* RFC 5321 section 4.5.3.1.5 */
};

struct server_reply {
	int code;                           /* 0: none yet */
	char enhanced[ERROR_ENHANCED_SIZE]; /* RFC 3463, or "" */
	char text[SERVER_REPLY_TEXT_SIZE];  /* lines separated by "\n" */
};

/* Sets a reply. enhanced may be "". Text that does not fit is cut. */
void server_reply_set(struct server_reply *reply, int code,
    const char *enhanced, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Appends the reply to out. Long lines are divided, and bytes that a reply must
 * not contain are escaped. ERROR_SYSTEM, ERROR_DATA as buf_add.
 */
int server_reply_write(const struct server_reply *reply, struct buf *out,
    struct error *err);

#endif
