/* SPDX-License-Identifier: MIT */
/*
 * Holds messages and accounts of the queue, and releases them.
 */
#include "cli/queue-hold.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "cli/queue-message.h"
#include "cli/queue.h"
#include "spool/account-hold.h"
#include "spool/account-key.h"
#include "submit/queue-program.h"
#include "submit/route.h"

/* Stands for all accounts in the name of a file. */
static const char all_accounts[] = "";

static char *find_key(const struct queue *queue, struct error *err);
static int check_account(const struct queue *queue, const char *key,
    struct error *err);
static bool has_message(const struct spool *spool, const char *key);
static int release_account(const struct spool *spool, const char *key,
    struct error *err);
static int release_all(const struct spool *spool, struct error *err);
static int release_message(const struct spool *spool, const char *id,
    struct error *err);
static void set_held(struct spool_entry *entry);
static void set_released(struct spool_entry *entry);

int
queue_hold(struct queue *queue, struct error *err)
{
	struct account_hold hold = {.since = (uint64_t)time(NULL)};
	char *key;
	int result = -1;

	if (queue->id != NULL && spool_is_id(queue->id))
		return queue_message_change(&queue->spool, queue->id, set_held,
		    err);
	key = find_key(queue, err);
	if (key == NULL)
		return -1;
	spool_close(&queue->spool);
	if (spool_open(&queue->spool, true, err) == 0)
		result = account_hold_save(&queue->spool, key,
		    ACCOUNT_HELD_BY_USER, &hold, err);
	account_hold_done(&hold);
	free(key);
	return result;
}

int
queue_release(struct queue *queue, struct error *err)
{
	char *key = NULL;
	int result = -1;

	if (queue->id == NULL)
		result = release_all(&queue->spool, err);
	else if (spool_is_id(queue->id))
		result = queue_message_change(&queue->spool, queue->id,
		    set_released, err);
	else if ((key = find_key(queue, err)) != NULL)
		result = release_account(&queue->spool, key, err);
	free(key);
	if (result == 0 && queue->spool.directory != -1)
		result = queue_program_start(NULL, err);
	return result;
}

void
queue_release_account(const char *account, const char *config_path)
{
	struct spool spool = {.directory = -1};
	struct error ignored;
	char *key = account_key_new(account, config_path, &ignored);

	if (key != NULL && spool_open(&spool, false, &ignored) == 0 &&
	    account_hold_remove(&spool, key, ACCOUNT_WAITS, &ignored) == 1)
		queue_program_start(NULL, &ignored);
	spool_close(&spool);
	free(key);
}

/* Returns what stands for the account in the queue; the caller frees. */
static char *
find_key(const struct queue *queue, struct error *err)
{
	char *key;

	if (queue->id == NULL)
		return text_format(err, "%s", all_accounts);
	key = account_key_new(queue->id, queue->options->config_path, err);
	if (key != NULL && check_account(queue, key, err) == -1) {
		free(key);
		return NULL;
	}
	return key;
}

/* One of the configuration, or of a message although it is there no more. */
static int
check_account(const struct queue *queue, const char *key, struct error *err)
{
	struct route route;
	int result;

	route_init(&route);
	result = route_load(&route, queue->options->config_path, err);
	if (result == 0 &&
	    config_find_account(route.config, queue->id) == NULL &&
	    !has_message(&queue->spool, key)) {
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
has_message(const struct spool *spool, const char *key)
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
		    strcmp(entry.text[SPOOL_ACCOUNT], key) == 0;
		spool_entry_done(&entry);
	}
	spool_ids_done(&ids);
	return is_found;
}

static int
release_account(const struct spool *spool, const char *key, struct error *err)
{
	if (account_hold_remove(spool, key, ACCOUNT_HELD_BY_USER, err) == -1 ||
	    account_hold_remove(spool, key, ACCOUNT_WAITS, err) == -1)
		return -1;
	return 0;
}

static int
release_all(const struct spool *spool, struct error *err)
{
	struct spool_ids ids;
	int result =
	    spool->directory != -1 ? account_hold_remove_all(spool, err) : 0;

	if (spool_list(spool, &ids, err) == -1)
		result = -1;
	for (size_t i = 0; result == 0 && i < ids.count; i++)
		result = release_message(spool, ids.id[i], err);
	spool_ids_done(&ids);
	return result;
}

/* What can't be read is left alone. */
static int
release_message(const struct spool *spool, const char *id, struct error *err)
{
	struct spool_entry entry;
	struct error ignored;
	int result = 0;

	spool_entry_init(&entry);
	if (spool_load(spool, id, &entry, &ignored) == 0 &&
	    entry.number[SPOOL_HELD] != 0)
		result = queue_message_change(spool, id, set_released, err);
	spool_entry_done(&entry);
	return result;
}

static void
set_held(struct spool_entry *entry)
{
	entry->number[SPOOL_HELD] = 1;
}

static void
set_released(struct spool_entry *entry)
{
	entry->number[SPOOL_HELD] = 0;
}
