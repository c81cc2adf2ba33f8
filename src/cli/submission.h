/* SPDX-License-Identifier: MIT */
#ifndef CLI_SUBMISSION_H
#define CLI_SUBMISSION_H

/* One message of the command line: prepared by submit.c. */

#include <stdbool.h>

#include "base/error.h"
#include "cli/options.h"
#include "message/envelope.h"
#include "message/message.h"
#include "submit/delivery.h"
#include "submit/route.h"

enum {
	SUBMISSION_HOST_SIZE = 256
};

struct submission {
	const struct options *options; /* borrowed */
	char *const *recipient;        /* each may be a list; borrowed */
	size_t recipient_count;
	char **composed; /* the memory of recipient, if it is not argv */
	struct route route;
	struct message message;
	struct envelope envelope;
	char *sender; /* given, or of the From header: an addr-spec; or NULL */
	bool sender_is_given;   /* by -f or MAIL */
	bool null_sender;       /* as "" or "<>" */
	struct error no_server; /* why none is known for now, or ERROR_NONE */
	char host_name[SUBMISSION_HOST_SIZE]; /* of this computer */
	struct delivery delivery;
};

void submission_init(struct submission *submission,
    const struct options *options);
void submission_done(struct submission *submission);

/*
 * Sets the sender that was given by what, which names it in errors. A name
 * without a domain, such as cron's "root", does not count. ERROR_DATA,
 * ERROR_USAGE.
 */
int submission_set_sender(struct submission *submission, const char *given,
    const char *what, struct error *err);

/*
 * Resolves the account of the query. If its server can't be found for now, and
 * messages may be queued, succeeds nonetheless and sets no_server: the account
 * alone suffices for that. Errors of route_resolve.
 */
int submission_resolve(struct submission *submission,
    const struct account_query *query, struct error *err);

/*
 * The sender of the envelope: the one that was given, unless set-from replaces
 * it, or that the account may send as; else account_address. NULL when out of
 * memory; the caller frees.
 */
char *submission_envelope_sender(const struct submission *submission,
    const char *account_address);

/* What an envelope takes from the options and the account, but neither sender
 * nor recipients. */
struct envelope_request submission_envelope_request(
    const struct submission *submission);

/*
 * Removes the fields that are not sent, completes addresses, adds the required
 * fields, and seals the message. ERROR_DATA, also if the sender is to be found
 * in the From field and this can't be parsed; ERROR_IO.
 */
int submission_complete(struct submission *submission, struct error *err);

/*
 * The address that the account sends from: its first address, else its user if
 * that is an address, else the sender, else the login name at this host. NULL
 * when out of memory; the caller frees.
 */
char *submission_address(const struct submission *submission);

/* The full name: the account's, else $NAME, else that of the user database; ""
 * if there is none. NULL when out of memory; the caller frees. */
char *submission_full_name(const struct submission *submission);

#endif
