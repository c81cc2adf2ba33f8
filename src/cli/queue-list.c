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
#include "cli/queue-entry.h"
#include "report/report.h"

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
static void list_entry(struct listing *listing,
    const struct spool_entry *entry);
static void print_entry(const struct listing *listing,
    const struct spool_entry *entry);
static char choose_mark(const struct listing *listing,
    const struct spool_entry *entry);
static bool is_being_sent(const struct listing *listing,
    const struct spool_entry *entry);
static void print_recipient(const struct spool_recipient *recipient);
static void print_total(const struct listing *listing);

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
	if (spool_load(listing->spool, id, &entry, &err) == 0)
		list_entry(listing, &entry);
	else if (err.code != ERROR_USAGE) /* it is gone */
		report_error(&err);
	spool_entry_done(&entry);
}

static void
list_entry(struct listing *listing, const struct spool_entry *entry)
{
	const struct queue_account *account =
	    queue_accounts_find(&listing->accounts, listing->spool,
		entry->text[SPOOL_ACCOUNT]);

	if (listing->as_json)
		queue_entry_add(&listing->json, listing->spool, entry, account);
	else
		print_entry(listing, entry);
	listing->count++;
	listing->size += entry->number[SPOOL_SIZE];
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
		shown.status =
		    queue_entry_status(listing->spool, entry, &shown);
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

/* With thousands of messages, asking for the lock of each takes long. */
static bool
is_being_sent(const struct listing *listing, const struct spool_entry *entry)
{
	return (listing->is_run ||
		   spool_entry_count(entry, SPOOL_SENDING) > 0) &&
	    spool_is_locked(listing->spool, entry->id);
}
