/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_COMPLETION_H
#define MESSAGE_COMPLETION_H

/*
 * Completes the addresses of a header that have no domain, or one that only
 * this network knows. Programs such as cron and mdadm write them for a local
 * mail server; providers refuse them.
 */

#include <stdbool.h>

#include "base/error.h"
#include "message/address.h"
#include "message/header.h"

enum completion_mode {
	COMPLETION_NEVER,
	COMPLETION_MISSING, /* what has no public domain */
	COMPLETION_ALWAYS   /* and what the account may not send as */
};

struct completion_rules {
	enum completion_mode mode;
	bool adds_sender;      /* a Sender field if From is another address */
	const char *address;   /* of the account: replaces others in From */
	const char *host_name; /* of this computer */
	/* Whether the account may send as an address. */
	bool (*may_send_as)(const void *context, const char *address);
	/* Adds what a local recipient stands for to list. A failure, -1, leaves
	 * the recipient as it is. */
	int (*resolve)(const void *context, const char *name,
	    struct address_list *list);
	const void *context;
};

/* What has been changed. */
struct completion {
	char
	    *replaced_from; /* the address in From that was replaced; or NULL */
	bool breaks_signature; /* a DKIM-Signature covers a changed field */
};

void completion_init(struct completion *completion);
void completion_done(struct completion *completion);

/*
 * Replaces the addresses in From and Sender by the account's, and those in To,
 * Cc and Reply-To by what they stand for, also in the fields of this kind that
 * begin with "Resent-"; keeping display names; a comment or
 * the local part becomes one if there is none. An empty From field is removed,
 * and with COMPLETION_ALWAYS also one that can't be parsed; an address that is
 * replaced there is kept in Reply-To unless the header has that field. Other
 * fields and the rest of the changed ones remain as they are. ERROR_SYSTEM.
 */
int completion_apply(struct completion *completion, struct header *header,
    const struct completion_rules *rules, struct error *err);

/* Whether the rules replace an address in From or Sender. The same holds for
 * the sender of the envelope. */
bool completion_replaces_sender(const struct completion_rules *rules,
    const char *address);

/* Whether the name of this computer in an address means this computer: it is
 * "localhost", or host_name if that is known only locally. */
bool completion_is_this_host(const char *domain, const char *host_name);

#endif
