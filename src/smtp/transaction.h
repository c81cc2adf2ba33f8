/* SPDX-License-Identifier: MIT */
#ifndef SMTP_TRANSACTION_H
#define SMTP_TRANSACTION_H

/*
 * One mail transaction (RFC 5321 3.3): sender, recipients, message; and what
 * became of each recipient.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "smtp/body.h"
#include "smtp/extensions.h"
#include "smtp/params.h"
#include "smtp/reply.h"
#include "smtp/wire.h"

struct smtp_recipient {
	const char *address;  /* borrowed */
	struct error outcome; /* ERROR_NONE: the server has taken the message
				 over for this recipient */
};

struct smtp_transaction {
	const char *sender; /* "": the null sender */
	bool utf8;          /* an address needs SMTPUTF8 (RFC 6531) */
	const char *notify; /* RFC 3461; NULL where nothing is wished */
	const char *return_type;
	const char *envelope_id;
	struct smtp_recipient *recipient;
	size_t recipient_count;
	struct smtp_body body;

	char receipt[256]; /* what the server said when it accepted */
};

/* What a transaction runs over; all borrowed. */
struct smtp_channel {
	const struct smtp_params *params;
	const struct smtp_extensions *extensions;
	struct wire *wire;
	struct smtp_reply *reply;
	bool needs_reset; /* a transaction was left open: RSET comes first */
	bool is_broken;   /* the connection is of no use any more */
};

/* Whether the message goes by BDAT (RFC 3030) and not by DATA. */
bool smtp_channel_uses_bdat(const struct smtp_channel *channel);

/*
 * Sends the message once and fills in every recipient's outcome. Returns 0 when
 * the message was accepted for at least one; else -1 with the cause. When the
 * connection fails after the last byte, the outcome is ERROR_AMBIGUOUS.
 */
int smtp_transaction_run(struct smtp_transaction *transaction,
    struct smtp_channel *channel, struct error *err);

#endif
