/* SPDX-License-Identifier: MIT */
#ifndef SMTP_TRANSACTION_H
#define SMTP_TRANSACTION_H

/*
 * One mail transaction (RFC 5321 section 3.3): sender, recipients, message; and
 * the outcome for each recipient.
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
	const char *address;  /* all texts are borrowed */
	const char *notify;   /* RFC 3461; NULL: that of the transaction */
	const char *original; /* of ORCPT (RFC 3461), or NULL */
	size_t position;      /* in the envelope; retries change the order */
	struct smtp_answer reply; /* to RCPT in the last try; code 0: none */
	struct error outcome; /* ERROR_NONE: the server has accepted the message
				 for this recipient */
};

struct smtp_transaction {
	const char *sender; /* "": the null sender */
	bool utf8;          /* an address needs SMTPUTF8 (RFC 6531) */
	const char *notify; /* RFC 3461; NULL: not requested */
	const char *return_type;
	const char *envelope_id;
	struct smtp_recipient *recipient;
	size_t recipient_count;
	struct smtp_body body;

	char receipt[256]; /* the text of the accepting reply */
	char receipt_code[ERROR_ENHANCED_SIZE]; /* its enhanced code, or "" */
};

/* What a transaction uses of its session; all borrowed. */
struct smtp_channel {
	const struct smtp_params *params;
	const struct smtp_extensions *extensions;
	struct wire *wire;
	struct smtp_reply *reply;
	bool needs_reset; /* a transaction is open: RSET comes first */
	bool is_broken;   /* the connection can't be used any more */
};

/* Returns whether the message is sent by BDAT (RFC 3030) instead of DATA. */
bool smtp_channel_uses_bdat(const struct smtp_channel *channel);

/*
 * Sends the message once and sets every recipient's outcome. Returns 0 if the
 * message was accepted for at least one; else -1 with the cause. If the
 * connection fails after the last byte was sent, the outcome is
 * ERROR_AMBIGUOUS.
 */
int smtp_transaction_run(struct smtp_transaction *transaction,
    struct smtp_channel *channel, struct error *err);

#endif
