/* SPDX-License-Identifier: MIT */
/*
 * Holds messages and accounts of the queue, and releases them.
 */
#include "cli/queue-hold.h"

#include <string.h>
#include <time.h>

#include "cli/queue.h"
#include "spool/account-hold.h"
#include "submit/queue-program.h"
#include "submit/route.h"

/* Stands for all accounts in the name of a file. */
static const char all_accounts[] = "";

static int hold_message(const struct queue *queue, bool is_held,
    struct error *err);
static int check_account(const struct queue *queue, struct error *err);
static bool has_message(const struct spool *spool, const char *account);
static int release_account(const struct spool *spool, const char *account,
    struct error *err);
static int release_all(const struct spool *spool, struct error *err);
static int release_entry(const struct spool *spool, const char *id,
    struct error *err);

int
queue_hold(struct queue *queue, struct error *err)
{
	struct account_hold hold = {.since = (uint64_t)time(NULL)};
	int result;

	if (queue->id != NULL && spool_is_id(queue->id))
		return hold_message(queue, true, err);
	if (queue->id != NULL && check_account(queue, err) == -1)
		return -1;
	spool_close(&queue->spool);
	if (spool_open(&queue->spool, true, err) == -1)
		return -1;
	result = account_hold_save(&queue->spool,
	    queue->id != NULL ? queue->id : all_accounts, ACCOUNT_HELD_BY_USER,
	    &hold, err);
	account_hold_done(&hold);
	return result;
}

int
queue_release(struct queue *queue, struct error *err)
{
	int result;

	if (queue->id == NULL)
		result = release_all(&queue->spool, err);
	else if (spool_is_id(queue->id))
		result = hold_message(queue, false, err);
	else if (check_account(queue, err) == -1)
		result = -1;
	else
		result = release_account(&queue->spool, queue->id, err);
	if (result == 0 && queue->spool.directory != -1)
		result = queue_program_start(NULL, err);
	return result;
}

void
queue_release_account(const char *account)
{
	struct spool spool;
	struct error ignored;

	if (spool_open(&spool, false, &ignored) == 0 &&
	    account_hold_remove(&spool, account, ACCOUNT_WAITS, &ignored) == 1)
		queue_program_start(NULL, &ignored);
	spool_close(&spool);
}

static int
hold_message(const struct queue *queue, bool is_held, struct error *err)
{
	struct spool_entry entry;
	int result = -1;
	int fd = spool_lock(&queue->spool, queue->id, err);

	if (fd == -1)
		return -1;
	spool_entry_init(&entry);
	if (spool_load(&queue->spool, queue->id, &entry, err) == 0) {
		entry.number[SPOOL_HELD] = is_held;
		result = spool_save(&queue->spool, &entry, err);
	}
	spool_entry_done(&entry);
	spool_unlock(fd);
	return result;
}

/* One of the configuration, or of a message although it is there no more. */
static int
check_account(const struct queue *queue, struct error *err)
{
	struct route route;
	int result;

	route_init(&route);
	result = route_load(&route, queue->options->config_path, err);
	if (result == 0 &&
	    config_find_account(route.config, queue->id) == NULL &&
	    !has_message(&queue->spool, queue->id)) {
		error_set(err, ERROR_USAGE,
		    "%s: neither an account nor the ID of a message",
		    queue->id);
		result = error_hint(err,
		    "run postrider accounts, or postrider queue");
	}
	route_done(&route);
	return result;
}

static bool
has_message(const struct spool *spool, const char *account)
{
	struct spool_ids ids;
	struct error ignored;
	bool is_found = false;

	if (spool_list(spool, &ids, &ignored) == -1)
		ids.count = 0;
	for (size_t i = 0; !is_found && i < ids.count; i++) {
		struct spool_entry entry;

		spool_entry_init(&entry);
		is_found =
		    spool_load(spool, ids.id[i], &entry, &ignored) == 0 &&
		    strcmp(entry.text[SPOOL_ACCOUNT], account) == 0;
		spool_entry_done(&entry);
	}
	spool_ids_done(&ids);
	return is_found;
}

static int
release_account(const struct spool *spool, const char *account,
    struct error *err)
{
	if (account_hold_remove(spool, account, ACCOUNT_HELD_BY_USER, err) ==
		-1 ||
	    account_hold_remove(spool, account, ACCOUNT_WAITS, err) == -1)
		return -1;
	return 0;
}

static int
release_all(const struct spool *spool, struct error *err)
{
	struct spool_ids ids;
	int result = release_account(spool, all_accounts, err);

	if (spool_list(spool, &ids, err) == -1)
		result = -1;
	for (size_t i = 0; result == 0 && i < ids.count; i++)
		result = release_entry(spool, ids.id[i], err);
	spool_ids_done(&ids);
	return result;
}

/* The message and its account. What can't be read is left alone. */
static int
release_entry(const struct spool *spool, const char *id, struct error *err)
{
	const struct queue one = {.spool = *spool, .id = id};
	struct spool_entry entry;
	struct error ignored;
	int result = 0;

	spool_entry_init(&entry);
	if (spool_load(spool, id, &entry, &ignored) == 0) {
		result = release_account(spool, entry.text[SPOOL_ACCOUNT], err);
		if (result == 0 && entry.number[SPOOL_HELD] != 0)
			result = hold_message(&one, false, err);
	}
	spool_entry_done(&entry);
	return result;
}
