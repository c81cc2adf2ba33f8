/* SPDX-License-Identifier: MIT */
/*
 * Shows a queued message: what is known of it, then its text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/queue.h"
#include "cli/queue-entry.h"
#include "spool/account-key.h"

enum {
	PIECE_SIZE = 65536,
	MOMENT_SIZE = 64
};

static void print_state(const struct spool *spool,
    const struct spool_entry *entry, const struct queue_account *account);
static void print_account(const char *key);
static void print_recipient(const struct spool *spool,
    const struct spool_entry *entry, const struct spool_recipient *recipient);
static void print_tries(const struct spool_entry *entry,
    const struct queue_account *account);
static void print_line(const char *name, const char *value);
static void print_moment(const char *name, time_t moment, const char *more);
static int print_message(int fd, struct error *err);

int
queue_show(struct queue *queue, struct error *err)
{
	struct queue_accounts accounts = {.count = 0};
	const struct queue_account *account;
	struct json json = {.out = stdout};
	struct spool_entry entry;
	int result = -1;
	int fd = spool_open_message(&queue->spool, queue->id, err);

	spool_entry_init(&entry);
	if (fd == -1 || spool_load(&queue->spool, queue->id, &entry, err) == -1)
		goto out;
	queue_accounts_load(&accounts, &queue->spool);
	account = queue_accounts_find(&accounts, &queue->spool,
	    entry.text[SPOOL_ACCOUNT]);
	if (queue->options->report.json) {
		queue_entry_add(&json, &queue->spool, &entry, account);
		json_end(&json);
		result = 0;
	} else {
		print_state(&queue->spool, &entry, account);
		queue_accounts_print(&accounts, spool_is_run(&queue->spool));
		putchar('\n');
		result = print_message(fd, err);
	}
out:
	if (fd != -1)
		close(fd);
	queue_accounts_done(&accounts);
	spool_entry_done(&entry);
	return result;
}

static void
print_state(const struct spool *spool, const struct spool_entry *entry,
    const struct queue_account *account)
{
	const char *sender = entry->text[SPOOL_SENDER];
	char size[MOMENT_SIZE];

	print_line("id", entry->id);
	print_account(entry->text[SPOOL_ACCOUNT]);
	print_line("sender", *sender != '\0' ? sender : "<>");
	for (size_t i = 0; i < entry->count; i++)
		print_recipient(spool, entry, &entry->recipient[i]);
	print_line("message-id", entry->text[SPOOL_MESSAGE_ID]);
	snprintf(size, sizeof size, "%llu bytes",
	    (unsigned long long)entry->number[SPOOL_SIZE]);
	print_line("size", size);
	print_line("notify", entry->text[SPOOL_NOTIFY]);
	print_line("return", entry->text[SPOOL_RETURN_TYPE]);
	print_line("envelope-id", entry->text[SPOOL_ENVELOPE_ID]);
	print_moment("queued", (time_t)entry->number[SPOOL_CREATED], "");
	print_tries(entry, account);
	print_line("cause", entry->text[SPOOL_CAUSE]);
	print_line("reply", entry->text[SPOOL_REPLY]);
}

static void
print_account(const char *key)
{
	char *name = account_key_name(key);

	print_line("account", name);
	print_line("config", account_key_config(key));
	free(name);
}

static void
print_recipient(const struct spool *spool, const struct spool_entry *entry,
    const struct spool_recipient *recipient)
{
	printf("%-12s %s: %s", "recipient", recipient->address,
	    spool_status_name(queue_entry_status(spool, entry, recipient)));
	if (recipient->reason != NULL)
		printf(": %s", recipient->reason);
	putchar('\n');
	print_line("  notify", recipient->notify);
	print_line("  original", recipient->original);
}

static void
print_tries(const struct spool_entry *entry,
    const struct queue_account *account)
{
	time_t next = queue_entry_next_try(entry, account);
	char tries[MOMENT_SIZE];

	snprintf(tries, sizeof tries, ", try %llu",
	    (unsigned long long)entry->number[SPOOL_TRIES]);
	if (entry->number[SPOOL_TRIED] != 0)
		print_moment("last try", (time_t)entry->number[SPOOL_TRIED],
		    tries);
	if (next != 0)
		print_moment("next try", next, "");
	else if (entry->number[SPOOL_HELD] != 0)
		print_line("next try", "none: it is held");
	else
		print_line("next try", "none by itself");
}

/* value may be NULL. */
static void
print_line(const char *name, const char *value)
{
	if (value != NULL)
		printf("%-12s %s\n", name, value);
}

static void
print_moment(const char *name, time_t moment, const char *more)
{
	char text[MOMENT_SIZE] = "";
	struct tm parts;

	if (localtime_r(&moment, &parts) != NULL)
		strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &parts);
	printf("%-12s %s%s\n", name, text, more);
}

static int
print_message(int fd, struct error *err)
{
	char *piece = malloc(PIECE_SIZE);
	ssize_t got = 0;

	if (piece == NULL)
		return error_no_memory(err);
	while (
	    (got = file_read_some(fd, piece, PIECE_SIZE, "message", err)) > 0)
		fwrite(piece, 1, (size_t)got, stdout);
	free(piece);
	return got == 0 ? 0 : -1;
}
