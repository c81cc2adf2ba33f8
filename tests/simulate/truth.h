/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TRUTH_H
#define TESTS_TRUTH_H

/*
 * What really happened to the message, recorded by the server, and the promises
 * that the client's report must keep: accepted is accepted, a doubtful end is
 * reported as such and not followed by another copy, nothing is changed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "smtp/transaction.h"

enum {
	TRUTH_RECIPIENTS_MAX = 80
};

/* What a reply is for. */
enum truth_mark {
	TRUTH_MARK_OTHER,
	TRUTH_MARK_ENVELOPE, /* MAIL, DATA, or a BDAT but the last */
	TRUTH_MARK_MESSAGE
};

struct truth_recipient {
	char address[40];
	bool is_requested; /* in this transaction */
	bool is_named;     /* the server accepted it in this transaction */
	bool was_sent;     /* a whole message was sent for it, once */
	bool is_in_doubt;  /* it got a whole message, and the client no reply */
	bool is_promised;  /* the client received a 2xx for the message */
	bool may_be_promised;
	bool may_be_refused; /* by a reply that the client can't tell apart */
	unsigned copies;
};

struct truth {
	struct truth_recipient recipient[TRUTH_RECIPIENTS_MAX];
	size_t recipient_count;
	bool may_repeat; /* retry-ambiguous */

	/* Of this connection. */
	bool is_lying;         /* it sent replies to no command */
	bool awaits_mail;      /* the next reply is taken for that to MAIL */
	bool was_mail_refused; /* as the client understands it */
	bool has_message;      /* a whole one has left the client */
	bool is_refused;       /* the server refused a chunk of this message */
	bool is_concluded;     /* the client received a reply that decides */
	int64_t message_us;
	int64_t success_us; /* when the last 2xx arrived, or -1 */
};

void truth_init(struct truth *truth, size_t recipient_count);

void truth_connect(struct truth *truth);
void truth_lie(struct truth *truth);

/* A transaction ends (RSET). */
void truth_reset(struct truth *truth);

/* The server hears MAIL, a recipient (and accepts it or not), DATA or BDAT, and
 * the end of the message; it stores the message. */
void truth_mail(struct truth *truth);
void truth_recipient(struct truth *truth, const char *address, bool is_named);
void truth_content(struct truth *truth);
void truth_message(struct truth *truth, int64_t now_us);
void truth_store(struct truth *truth);

/* The client received a reply with this code. */
void truth_reply(struct truth *truth, enum truth_mark mark, int code,
    int64_t arrived_us);

/* Compares the client's report. */
void truth_check(const struct truth *truth,
    const struct smtp_recipient *recipient, size_t count);

#endif
