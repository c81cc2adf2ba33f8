/* SPDX-License-Identifier: MIT */
#ifndef SMTP_TRANSACTION_RUN_H
#define SMTP_TRANSACTION_RUN_H

/*
 * The progress of one transaction: which reply comes next, and what the replies
 * so far mean for the recipients. Commands may be sent ahead of their replies
 * (transaction.c).
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "smtp/transaction.h"

enum transaction_state {
	TRANSACTION_RSET,
	TRANSACTION_MAIL,
	TRANSACTION_RCPT,
	TRANSACTION_DATA,    /* the reply to DATA itself */
	TRANSACTION_CHUNK,   /* the reply to a BDAT but the last */
	TRANSACTION_MESSAGE, /* the reply to the whole message */
	TRANSACTION_DONE,
	TRANSACTION_STATE_COUNT
};

struct transaction_run {
	struct smtp_transaction *transaction;
	struct smtp_channel *channel;
	enum transaction_state state;
	size_t ahead;       /* commands whose reply wasn't read */
	size_t recipient;   /* the one whose reply comes next */
	size_t accepted;    /* recipients that were accepted */
	bool data_open;     /* 354 was received */
	bool message_sent;  /* the last byte was sent */
	bool is_early;      /* the reply came before what it replies to */
	struct error cause; /* why the message was refused, if it was */
};

/*
 * Expects a reply to the command that was just written. Reads it now, or leaves
 * it for later if the server allows pipelining.
 */
int transaction_run_expect(struct transaction_run *run, struct error *err);

/* Reads one reply and passes it to the handler of the state. */
int transaction_run_read(struct transaction_run *run, struct error *err);

/* Reads the replies to all commands that were written. */
int transaction_run_read_all(struct transaction_run *run, struct error *err);

/* Returns whether no recipient would receive the rest of the message. */
bool transaction_run_is_pointless(const struct transaction_run *run);

/*
 * Sets the outcome of every recipient. Returns 0 if the message was accepted
 * for at least one, else -1. result is that of the exchange so far: -1 (with
 * err) if it broke off.
 */
int transaction_run_conclude(struct transaction_run *run, int result,
    struct error *err);

#endif
