/* SPDX-License-Identifier: MIT */
/*
 * Says what the queue knows of a message.
 */
#include "cli/queue-entry.h"

#include <stdlib.h>

#include "report/time.h"
#include "spool/account-key.h"

static void add_next_try(struct json *json, const struct spool_entry *entry,
    const struct queue_account *account);

/* A process that was killed leaves "sending". */
enum spool_status
queue_entry_status(const struct spool *spool, const struct spool_entry *entry,
    const struct spool_recipient *recipient)
{
	bool is_left = recipient->status == SPOOL_SENDING &&
	    !spool_is_locked(spool, entry->id);

	return is_left ? SPOOL_UNKNOWN : recipient->status;
}

void
queue_entry_add(struct json *json, const struct spool *spool,
    const struct spool_entry *entry, const struct queue_account *account)
{
	char *name = account_key_name(entry->text[SPOOL_ACCOUNT]);
	char moment[TIME_UTC_SIZE];

	json_open(json, NULL, '{');
	json_text(json, "id", entry->id);
	json_text(json, "account", name);
	free(name);
	json_text(json, "config",
	    account_key_config(entry->text[SPOOL_ACCOUNT]));
	json_text(json, "sender", entry->text[SPOOL_SENDER]);
	json_text(json, "message_id", entry->text[SPOOL_MESSAGE_ID]);
	json_number(json, "size", (long long)entry->number[SPOOL_SIZE]);
	time_utc((time_t)entry->number[SPOOL_CREATED], moment);
	json_text(json, "queued_at", moment);
	add_next_try(json, entry, account);
	json_number(json, "tries", (long long)entry->number[SPOOL_TRIES]);
	json_text(json, "cause", entry->text[SPOOL_CAUSE]);
	json_text(json, "reply", entry->text[SPOOL_REPLY]);
	json_bool(json, "held", entry->number[SPOOL_HELD] != 0);
	queue_account_add(json, account);
	json_open(json, "recipients", '[');
	for (size_t i = 0; i < entry->count; i++) {
		const struct spool_recipient *one = &entry->recipient[i];

		json_open(json, NULL, '{');
		json_text(json, "address", one->address);
		json_text(json, "status",
		    spool_status_name(queue_entry_status(spool, entry, one)));
		json_text(json, "reason", one->reason);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_close(json, '}');
}

static void
add_next_try(struct json *json, const struct spool_entry *entry,
    const struct queue_account *account)
{
	time_t next = queue_entry_next_try(entry, account);
	char moment[TIME_UTC_SIZE];

	time_utc(next, moment);
	json_text(json, "next_try_at", next != 0 ? moment : NULL);
}

time_t
queue_entry_next_try(const struct spool_entry *entry,
    const struct queue_account *account)
{
	uint64_t next = entry->number[SPOOL_NEXT];

	if (spool_entry_count(entry, SPOOL_WAITING) == 0 ||
	    entry->number[SPOOL_HELD] != 0 ||
	    (account != NULL && account->is_held))
		return 0;
	if (account != NULL && account->wait.next > next)
		next = account->wait.next;
	return (time_t)next;
}
