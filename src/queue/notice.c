/* SPDX-License-Identifier: MIT */
/*
 * Composes notifications from the state of the queue.
 */
#include "queue/notice.h"

#include <stdio.h>
#include <stdlib.h>

#include "credential/notification.h"
#include "spool/account-hold.h"
#include "spool/account-key.h"

enum {
	TEXT_SIZE = 1536
};

static void notice_show_failed(const struct spool_entry *entry,
    const struct spool_recipient *recipient);

void
notice_failed(const struct spool *spool, const char *id)
{
	struct spool_entry entry;
	struct error ignored;

	spool_entry_init(&entry);
	if (spool_load(spool, id, &entry, &ignored) == -1)
		entry.count = 0;
	for (size_t i = 0; i < entry.count; i++) {
		const struct spool_recipient *one = &entry.recipient[i];

		if (one->status != SPOOL_REFUSED &&
		    one->status != SPOOL_EXPIRED)
			continue;
		notice_show_failed(&entry, one);
		break;
	}
	spool_entry_done(&entry);
}

void
notice_account(const struct spool *spool, const char *key)
{
	struct account_hold hold = {.since = 0};
	char summary[TEXT_SIZE];
	char body[TEXT_SIZE];
	const char *reason;
	const char *hint;
	char *name;

	if (!account_hold_load(spool, key, ACCOUNT_WAITS, &hold))
		return;
	name = account_key_name(key);
	reason = hold.text[ACCOUNT_HOLD_REASON];
	hint = hold.text[ACCOUNT_HOLD_HINT];
	snprintf(summary, sizeof summary, "Messages of account %s wait",
	    name != NULL ? name : "");
	snprintf(body, sizeof body, "%.700s\n%.500s",
	    reason != NULL ? reason : "",
	    hint != NULL ? hint : "run postrider queue");
	keeper_notify(summary, body);
	free(name);
	account_hold_done(&hold);
}

static void
notice_show_failed(const struct spool_entry *entry,
    const struct spool_recipient *recipient)
{
	const char *what = recipient->status == SPOOL_EXPIRED
	    ? "has waited too long and is not tried again"
	    : "was refused";
	char summary[TEXT_SIZE];
	char body[TEXT_SIZE];

	snprintf(summary, sizeof summary, "A message to %.200s %s",
	    recipient->address, what);
	snprintf(body, sizeof body, "%.700s\nrun postrider queue show %s",
	    recipient->reason != NULL ? recipient->reason : "", entry->id);
	keeper_notify(summary, body);
}
