/* SPDX-License-Identifier: MIT */
#ifndef SMTP_TRANSACTION_RUN_H
#define SMTP_TRANSACTION_RUN_H

/*
 * The replies of one transaction, each to its own handler, and what they mean
 * for the recipients. Commands are written ahead (transaction.c); the state is
 * whose reply comes next.
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
	TRANSACTION_CHUNK,   /* the reply to a BDAT that isn't the last */
	TRANSACTION_MESSAGE, /* the reply that takes the message over */
	TRANSACTION_DONE,
	TRANSACTION_STATE_COUNT
};

struct transaction_run {
	struct smtp_transaction *transaction;
	struct smtp_channel *channel;
	enum transaction_state state;
	size_t ahead;       /* commands written whose reply wasn't read */
	size_t recipient;   /* whose RCPT is answered next */
	size_t accepted;    /* recipients the server took */
	bool data_open;     /* 354 was said */
	bool message_sent;  /* the last byte is on its way */
	struct error cause; /* why the message has no recipient, if so */
};

/*
 * A command was written: its reply is read now, or later with the others where
 * the server allows that.
 */
int transaction_run_expect(struct transaction_run *run, struct error *err);

/* Reads one reply and lets the state's handler take it in. */
int transaction_run_read(struct transaction_run *run, struct error *err);

/* Reads until every command that was written is answered. */
int transaction_run_read_all(struct transaction_run *run, struct error *err);

/* Returns whether no recipient would receive the rest of the message. */
bool transaction_run_is_pointless(const struct transaction_run *run);

/*
 * Gives every recipient an outcome, and the whole a result: 0 when the message
 * was taken over for somebody. result is that of the exchange so far, -1 (with
 * err) when it broke off.
 */
int transaction_run_conclude(struct transaction_run *run, int result,
    struct error *err);

#endif
