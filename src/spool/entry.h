/* SPDX-License-Identifier: MIT */
#ifndef SPOOL_ENTRY_H
#define SPOOL_ENTRY_H

/*
 * What the queue knows of a message besides its text: account, envelope, and
 * what became of each recipient. spool/entry-file.h has its form on disk.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "spool/id.h"

enum spool_status {
	SPOOL_WAITING, /* surely not delivered; will be tried */
	SPOOL_SENDING, /* the message may be on its way right now */
	SPOOL_UNKNOWN, /* it was sent, and no answer came */
	SPOOL_SENT,
	SPOOL_REFUSED, /* for good */
	SPOOL_EXPIRED, /* surely not delivered; it has waited too long */
	SPOOL_STATUS_COUNT
};

enum spool_text {
	SPOOL_ACCOUNT, /* spool/account-key.h */
	SPOOL_SENDER,  /* "": the null sender */
	SPOOL_NOTIFY,  /* RFC 3461, like the next two; or NULL: of
			  recipients that have none */
	SPOOL_RETURN_TYPE,
	SPOOL_ENVELOPE_ID,
	SPOOL_MESSAGE_ID, /* as people see it, or NULL */
	SPOOL_CAUSE,      /* of the last failure (base/cause.h), or NULL */
	SPOOL_REPLY,      /* of the server to the last try, or NULL */
	SPOOL_TEXT_COUNT
};

enum spool_number {
	SPOOL_SIZE,    /* of the message, in bytes */
	SPOOL_CREATED, /* seconds since 1970 */
	SPOOL_NEXT,    /* when to try again */
	SPOOL_TRIES,
	SPOOL_TRIED, /* when the last try was; 0: never */
	SPOOL_HELD,  /* 1: the user holds it */
	SPOOL_UTF8,  /* 1: an address needs SMTPUTF8 */
	SPOOL_NUMBER_COUNT
};

struct spool_recipient {
	char *address;
	enum spool_status status;
	char *reason; /* why it waits or was refused, printable; or NULL */
	char *notify; /* RFC 3461, like the next one; or NULL */
	char *original;
};

/* Owns its texts. */
struct spool_entry {
	char id[SPOOL_ID_SIZE];
	char *text[SPOOL_TEXT_COUNT];
	uint64_t number[SPOOL_NUMBER_COUNT];
	struct spool_recipient *recipient;
	size_t count;
};

void spool_entry_init(struct spool_entry *entry);
void spool_entry_done(struct spool_entry *entry);

/* Sets a text to a copy of value, which may be NULL. ERROR_SYSTEM. */
int spool_entry_set(struct spool_entry *entry, enum spool_text text,
    const char *value, struct error *err);

/* Adds a recipient that waits. ERROR_SYSTEM. */
int spool_entry_add(struct spool_entry *entry, const char *address,
    struct error *err);

/* Sets the parameters of RFC 3461 for a recipient; each may be NULL.
 * ERROR_SYSTEM. */
int spool_recipient_set_reports(struct spool_recipient *recipient,
    const char *notify, const char *original, struct error *err);

/* Sets what became of a recipient. Without memory the reason is lost. */
void spool_recipient_set(struct spool_recipient *recipient,
    enum spool_status status, const char *reason);

/* Sets all recipients of one status to another; returns their number. */
size_t spool_entry_change(struct spool_entry *entry, enum spool_status from,
    enum spool_status to);

/* How many recipients have this status. */
size_t spool_entry_count(const struct spool_entry *entry,
    enum spool_status status);

/* The word for a status, such as "waiting". */
const char *spool_status_name(enum spool_status status);

#endif
