/* SPDX-License-Identifier: MIT */
#ifndef CLI_SUBMISSION_H
#define CLI_SUBMISSION_H

/* One submission: what submit.c puts together and deliver.c sends. */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "cli/options.h"
#include "cli/selection.h"
#include "config/account.h"
#include "config/config.h"
#include "message/envelope.h"
#include "message/message.h"
#include "smtp/transaction.h"

struct submission {
	const struct options *options; /* borrowed */
	struct config *config;
	struct account *account;
	struct selection selection; /* of the account */
	struct message message;
	struct envelope envelope;
	char *sender;     /* -f or the From header, an addr-spec, or NULL */
	bool null_sender; /* -f "" or "<>" */

	/* One for each recipient of the envelope, with its outcome. */
	struct smtp_recipient *recipient;
	size_t recipient_count;
	char receipt[256]; /* what the server said when it accepted */
	unsigned tries;
	bool duplicate_possible; /* sent again after an ambiguous end */
};

void submission_init(struct submission *submission,
    const struct options *options);
void submission_done(struct submission *submission);

/*
 * The address that the account sends from: its own, else its user where that
 * is an address, else the sender's, else the login name on this host. NULL when
 * out of memory; the caller frees.
 */
char *submission_address(const struct submission *submission);

/* The name of the person: the account's, $NAME, or the system's record. Empty
 * when there is none; NULL when out of memory; the caller frees. */
char *submission_full_name(const struct submission *submission);

/* The value of a header field, printable and trimmed, for reports; "" when it
 * isn't there. */
void submission_field(const struct submission *submission, const char *name,
    char *out, size_t out_size);

/*
 * The gravest outcome of all recipients: a permanent one before a temporary
 * one. Its code is ERROR_NONE when everybody gets the message.
 */
const struct error *submission_worst(const struct submission *submission);

#endif
