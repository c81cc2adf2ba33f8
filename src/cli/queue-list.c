/* SPDX-License-Identifier: MIT */
/*
 * Lists the queue, in the layout of Postfix's mailq, which programs read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/json.h"
#include "cli/queue.h"
#include "cli/queue-account.h"
#include "cli/queue-elsewhere.h"
#include "report/report.h"
#include "report/time.h"
#include "spool/account-key.h"

enum {
	ARRIVAL_SIZE = 21,
	REASON_WIDTH = 80
};

struct listing {
	const struct spool *spool;
	struct json json;
	bool as_json;
	bool is_run; /* another process sends the queue */
	size_t count;
	uint64_t size;
	struct queue_accounts accounts;
};

static void list_one(struct listing *listing, const char *id);
static void print_entry(const struct listing *listing,
    const struct spool_entry *entry);
static char choose_mark(const struct listing *listing,
    const struct spool_entry *entry);
static bool is_being_sent(const struct listing *listing,
    const struct spool_entry *entry);
static void print_recipient(const struct spool_recipient *recipient);
static void print_total(const struct listing *listing);
static void add_entry(struct listing *listing, const struct spool_entry *entry);
static void add_next_try(struct json *json, const struct spool_entry *entry,
    const struct queue_account *account);
static const char *shown_status(const struct listing *listing,
    const struct spool_entry *entry, const struct spool_recipient *recipient);

int
queue_list(struct queue *queue, struct error *err)
{
	struct listing listing = {.spool = &queue->spool,
	    .json = {.out = stdout},
	    .as_json = queue->options->report.json,
	    .is_run = spool_is_run(&queue->spool)};
	struct spool_ids ids;
	int result = spool_list(&queue->spool, &ids, err);

	queue_accounts_load(&listing.accounts, &queue->spool);
	if (result == 0 && listing.as_json)
		json_open(&listing.json, NULL, '[');
	for (size_t i = 0; result == 0 && i < ids.count; i++)
		list_one(&listing, ids.id[i]);
	if (result == 0 && listing.as_json) {
		json_close(&listing.json, ']');
		json_end(&listing.json);
	} else if (result == 0) {
		print_total(&listing);
		queue_accounts_print(&listing.accounts, listing.is_run);
		queue_elsewhere_warn(&queue->spool);
	}
	queue_accounts_done(&listing.accounts);
	spool_ids_done(&ids);
	return result;
}

static void
list_one(struct listing *listing, const char *id)
{
	struct spool_entry entry;
	struct error err;

	spool_entry_init(&entry);
	if (spool_load(listing->spool, id, &entry, &err) == -1) {
		if (err.code != ERROR_USAGE) /* it is gone */
			report_error(&err);
	} else {
		if (listing->as_json) {
			add_entry(listing, &entry);
		} else {
			print_entry(listing, &entry);
			queue_accounts_find(&listing->accounts, listing->spool,
			    entry.text[SPOOL_ACCOUNT]);
		}
		listing->count++;
		listing->size += entry.number[SPOOL_SIZE];
	}
	spool_entry_done(&entry);
}

static void
print_entry(const struct listing *listing, const struct spool_entry *entry)
{
	time_t created = (time_t)entry->number[SPOOL_CREATED];
	char arrival[ARRIVAL_SIZE] = "";
	struct tm parts;

	if (listing->count == 0)
		puts("----Queue ID----- --Size-- ---Arrival Time---- "
		     "--Sender/Recipient------");
	if (localtime_r(&created, &parts) != NULL)
		strftime(arrival, sizeof arrival, "%a %b %e %H:%M:%S", &parts);
	printf("%s%c %8llu %-20s %s\n", entry->id, choose_mark(listing, entry),
	    (unsigned long long)entry->number[SPOOL_SIZE], arrival,
	    *entry->text[SPOOL_SENDER] != '\0' ? entry->text[SPOOL_SENDER]
					       : "MAILER-DAEMON");
	for (size_t i = 0; i < entry->count; i++) {
		struct spool_recipient shown = entry->recipient[i];

		if (shown.status == SPOOL_SENT)
			continue;
		if (strcmp(shown_status(listing, entry, &shown), "unknown") ==
		    0)
			shown.status = SPOOL_UNKNOWN;
		print_recipient(&shown);
	}
	putchar('\n');
}

/* "*": it is being sent; "!": the user must decide something. */
static char
choose_mark(const struct listing *listing, const struct spool_entry *entry)
{
	if (is_being_sent(listing, entry))
		return '*';
	return entry->number[SPOOL_HELD] != 0 ||
		spool_entry_count(entry, SPOOL_WAITING) +
			spool_entry_count(entry, SPOOL_SENT) <
		    entry->count
	    ? '!'
	    : ' ';
}

static void
print_recipient(const struct spool_recipient *recipient)
{
	char reason[512];
	const char *why = recipient->reason != NULL ? recipient->reason : "";

	if (recipient->status == SPOOL_WAITING ||
	    recipient->status == SPOOL_SENDING)
		snprintf(reason, sizeof reason,
		    *why != '\0' ? "(%.500s)" : "%s", why);
	else
		snprintf(reason, sizeof reason, "(%s%s%.400s)",
		    recipient->status == SPOOL_UNKNOWN
			? "unknown whether it arrived"
			: spool_status_name(recipient->status),
		    *why != '\0' ? ": " : "", why);
	if (*reason != '\0')
		printf("%*s\n", REASON_WIDTH, reason);
	printf("%48s%s\n", "", recipient->address);
}

static void
print_total(const struct listing *listing)
{
	if (listing->count == 0)
		puts("Mail queue is empty");
	else
		printf("-- %llu Kbytes in %zu Request%s.\n",
		    (unsigned long long)(listing->size + 1023) / 1024,
		    listing->count, listing->count == 1 ? "" : "s");
}

static void
add_entry(struct listing *listing, const struct spool_entry *entry)
{
	const struct queue_account *account =
	    queue_accounts_find(&listing->accounts, listing->spool,
		entry->text[SPOOL_ACCOUNT]);
	struct json *json = &listing->json;
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
		json_text(json, "status", shown_status(listing, entry, one));
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
	uint64_t next = entry->number[SPOOL_NEXT];
	char moment[TIME_UTC_SIZE];
	bool is_tried = spool_entry_count(entry, SPOOL_WAITING) > 0 &&
	    entry->number[SPOOL_HELD] == 0;

	if (account != NULL && account->is_held)
		is_tried = false;
	if (account != NULL && account->wait.next > next)
		next = account->wait.next;
	time_utc((time_t)next, moment);
	json_text(json, "next_try_at", is_tried ? moment : NULL);
}

/* With thousands of messages, asking for the lock of each takes long. */
static bool
is_being_sent(const struct listing *listing, const struct spool_entry *entry)
{
	return (listing->is_run ||
		   spool_entry_count(entry, SPOOL_SENDING) > 0) &&
	    spool_is_locked(listing->spool, entry->id);
}

/* A process that was killed leaves "sending". */
static const char *
shown_status(const struct listing *listing, const struct spool_entry *entry,
    const struct spool_recipient *recipient)
{
	bool is_left = recipient->status == SPOOL_SENDING &&
	    !spool_is_locked(listing->spool, entry->id);

	return spool_status_name(is_left ? SPOOL_UNKNOWN : recipient->status);
}
