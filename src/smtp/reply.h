/* SPDX-License-Identifier: MIT */
#ifndef SMTP_REPLY_H
#define SMTP_REPLY_H

/*
 * A reply of the server (RFC 5321 section 4.2): a code, lines of text, and
 * possibly an enhanced status code (RFC 3463).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "smtp/wire.h"

enum {
	REPLY_LINES_MAX = 256, /* lines of one reply */
	REPLY_TEXT_MAX = 65536 /* bytes of its text */
};

struct smtp_reply {
	int code; /* 200 to 599; 0 before the first reply */
	char enhanced[ERROR_ENHANCED_SIZE]; /* "5.7.8", or "" */
	struct buf text;      /* without codes, and of a refusal without HTML;
				 lines are joined with "\n" */
	struct buf challenge; /* of a 334 (RFC 4954): text has its length */
	struct buf lines;     /* as they were read, but redacted */
	struct buf plain;     /* while it is read: the text without HTML */
};

/* What is kept of a reply. */
struct smtp_answer {
	int code; /* 0: there is none */
	char enhanced[ERROR_ENHANCED_SIZE];
	char text[256]; /* printable */
};

void smtp_reply_init(struct smtp_reply *reply);
void smtp_reply_done(struct smtp_reply *reply);

/*
 * Reads one whole reply within the deadline, removes the secrets of the session
 * (see wire_redact) and adds it to the transcript. ERROR_TEMPORARY: the
 * connection ended; ERROR_PROTOCOL: the input is no reply. The connection can't
 * be used any more.
 */
int smtp_reply_read(struct smtp_reply *reply, struct wire *wire,
    int64_t deadline_ms, struct error *err);

/*
 * Adds one line to the reply. *ret_is_last is set to whether it is the last. A
 * line without a valid code, or with another code than the lines before, is
 * ERROR_TEMPORARY.
 */
int smtp_reply_add_line(struct smtp_reply *reply, const char *line, size_t len,
    bool *ret_is_last, struct error *err);

/* Copies what is kept of the reply. */
void smtp_reply_keep(const struct smtp_reply *reply,
    struct smtp_answer *ret_answer);

/* Empties it for the next reply. */
void smtp_reply_clear(struct smtp_reply *reply);

/* Returns the first digit of the code. */
int smtp_reply_class(const struct smtp_reply *reply);

/*
 * Sets err from an unwanted reply: a 4xx is ERROR_TEMPORARY, a 5xx the error
 * code that it calls for, and an unexpected success ERROR_TEMPORARY. doing
 * names what was refused, as in "the sender a@example.org". Always returns -1.
 */
int smtp_reply_fail(const struct smtp_reply *reply, const char *peer,
    const char *doing, struct error *err);

#endif
