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

struct submission {
	const struct options *options; /* borrowed */
	char *const *recipient;        /* each may be a list; borrowed */
	size_t recipient_count;
	char **composed; /* the memory of recipient, if it is not argv */
	struct route route;
	struct message message;
	struct envelope envelope;
	char *sender;     /* -f or the From header, an addr-spec; or NULL */
	bool null_sender; /* -f "" or "<>" */
	struct delivery delivery;
};

void submission_init(struct submission *submission,
    const struct options *options);
void submission_done(struct submission *submission);

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
