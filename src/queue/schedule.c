/* SPDX-License-Identifier: MIT */
/*
 * Reads the states of the messages and what is known of the accounts.
 */
#include "queue/schedule.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/report.h"
#include "spool/account-hold.h"
#include "submit/queue-wait.h"

enum {
	NEWER_MAX_US = 10000000
};

static int schedule_read(struct schedule *schedule, const struct spool *spool,
    bool is_whole, struct error *err);
static bool is_newer(const char *id, uint64_t begun_us);
static int schedule_add(struct schedule *schedule, const struct spool *spool,
    const char *id, bool is_loud, struct error *err);
static bool can_be_tried(const struct spool_entry *entry);
static uint64_t entry_next(const struct spool_entry *entry);
static int schedule_find_account(struct schedule *schedule, const char *name,
    uint32_t *ret_account, struct error *err);
static void schedule_load_account(struct schedule_account *account,
    const struct spool *spool);
static bool message_is_due(const struct schedule_message *message,
    const struct schedule_account *account, uint64_t now);

void
schedule_done(struct schedule *schedule)
{
	for (size_t i = 0; i < schedule->account_count; i++)
		free(schedule->account[i].name);
	free(schedule->account);
	free(schedule->message);
	*schedule = (struct schedule){.count = 0};
}

int
schedule_load(struct schedule *schedule, const struct spool *spool,
    struct error *err)
{
	return schedule_read(schedule, spool, false, err);
}

int
schedule_load_all(struct schedule *schedule, const struct spool *spool,
    struct error *err)
{
	return schedule_read(schedule, spool, true, err);
}

bool
schedule_has_work(const struct schedule *schedule)
{
	for (size_t i = 0; i < schedule->count; i++) {
		if (!schedule->account[schedule->message[i].account].is_held)
			return true;
	}
	return false;
}

uint64_t
schedule_account_next(const struct schedule *schedule, size_t account,
    uint64_t now)
{
	const struct schedule_account *one = &schedule->account[account];
	uint64_t next = UINT64_MAX;

	if (one->is_held)
		return UINT64_MAX;
	for (size_t i = 0; i < schedule->count; i++) {
		const struct schedule_message *message = &schedule->message[i];
		uint64_t time = message->next;

		if (message->account != account)
			continue;
		if (message_is_due(message, one, now))
			time = now;
		if (time < next)
			next = time;
	}
	if (next != UINT64_MAX && one->next > next &&
	    !(one->waits_for_network && one->network_changed))
		next = one->next;
	return next;
}

size_t
schedule_take(const struct schedule *schedule, size_t account, uint64_t time,
    char (*id)[SPOOL_ID_SIZE])
{
	size_t count = 0;

	for (size_t i = 0; i < schedule->count; i++) {
		const struct schedule_message *message = &schedule->message[i];

		if (message->account == account &&
		    message_is_due(message, &schedule->account[account], time))
			memcpy(id[count++], message->id, SPOOL_ID_SIZE);
	}
	return count;
}

size_t
schedule_find_due(const struct spool *spool, const char *account,
    char (**ret_id)[SPOOL_ID_SIZE])
{
	struct schedule schedule = {.count = 0};
	char(*found)[SPOOL_ID_SIZE] = NULL;
	struct error ignored;
	uint32_t number = 0;
	size_t count = 0;

	if (schedule_load(&schedule, spool, &ignored) == 0)
		found = calloc(schedule.count + 1, sizeof *found);
	if (found != NULL &&
	    schedule_find_account(&schedule, account, &number, &ignored) == 0) {
		assert(schedule.account != NULL); /* it has this one */
		if (!schedule.account[number].is_held)
			count = schedule_take(&schedule, number,
			    (uint64_t)time(NULL), found);
	}
	if (count == 0) {
		free(found);
		found = NULL;
	}
	schedule_done(&schedule);
	*ret_id = found;
	return count;
}

bool
schedule_account_is_held(const struct spool *spool, const char *account)
{
	return account_hold_exists(spool, account, ACCOUNT_HELD_BY_USER) ||
	    account_hold_exists(spool, "", ACCOUNT_HELD_BY_USER);
}

void
schedule_note_network(struct schedule *schedule)
{
	for (size_t i = 0; i < schedule->account_count; i++)
		schedule->account[i].network_changed = true;
}

static int
schedule_read(struct schedule *schedule, const struct spool *spool,
    bool is_whole, struct error *err)
{
	uint64_t begun_us = spool_id_now_us();
	struct spool_ids ids;
	int result = spool_list(spool, &ids, err);

	free(schedule->message);
	schedule->count = 0;
	schedule->is_incomplete = false;
	schedule->message = calloc(ids.count + 1, sizeof *schedule->message);
	if (result == 0 && schedule->message == NULL)
		result = error_no_memory(err);
	for (size_t i = 0; result == 0 && i < ids.count; i++) {
		if (is_whole || !is_newer(ids.id[i], begun_us))
			result = schedule_add(schedule, spool, ids.id[i],
			    is_whole, err);
		else
			schedule->is_incomplete = true;
	}
	for (size_t i = 0; result == 0 && i < schedule->account_count; i++)
		schedule_load_account(&schedule->account[i], spool);
	spool_ids_done(&ids);
	return result;
}

/* One of the far future was made before the clock was set back. */
static bool
is_newer(const char *id, uint64_t begun_us)
{
	uint64_t made_us = spool_id_time_us(id);

	return made_us >= begun_us && made_us - begun_us < NEWER_MAX_US;
}

static int
schedule_add(struct schedule *schedule, const struct spool *spool,
    const char *id, bool is_loud, struct error *err)
{
	struct schedule_message *message = &schedule->message[schedule->count];
	struct spool_entry entry;
	struct error problem;
	int result = 0;

	assert(schedule->message != NULL); /* there is room for it */
	spool_entry_init(&entry);
	if (spool_load(spool, id, &entry, &problem) == -1) {
		if (is_loud && problem.code != ERROR_USAGE) /* it is gone */
			report_error(&problem);
	} else if (can_be_tried(&entry)) {
		result = schedule_find_account(schedule,
		    entry.text[SPOOL_ACCOUNT], &message->account, err);
		message->next = entry_next(&entry);
		message->waits_for_network =
		    queue_wait_is_for_network(entry.text[SPOOL_CAUSE]);
		memcpy(message->id, id, SPOOL_ID_SIZE);
		schedule->count += result == 0;
	}
	spool_entry_done(&entry);
	return result;
}

/* What a process that was killed was sending is found out. */
static bool
can_be_tried(const struct spool_entry *entry)
{
	return spool_entry_count(entry, SPOOL_SENDING) > 0 ||
	    (spool_entry_count(entry, SPOOL_WAITING) > 0 &&
		entry->number[SPOOL_HELD] == 0);
}

/* A last try in the future, or a time further away than any wait, means that
 * the clock was set back. */
static uint64_t
entry_next(const struct spool_entry *entry)
{
	uint64_t now = (uint64_t)time(NULL);
	uint64_t next = entry->number[SPOOL_NEXT];

	if (spool_entry_count(entry, SPOOL_SENDING) > 0 ||
	    entry->number[SPOOL_TRIED] > now || next > now + QUEUE_WAIT_MAX_S)
		return 0;
	return next;
}

static int
schedule_find_account(struct schedule *schedule, const char *name,
    uint32_t *ret_account, struct error *err)
{
	struct schedule_account *list = schedule->account;
	size_t count = schedule->account_count;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].name, name) != 0)
			continue;
		*ret_account = (uint32_t)i;
		return 0;
	}
	list = realloc(list, (count + 1) * sizeof *list);
	if (list == NULL)
		return error_no_memory(err);
	schedule->account = list;
	list[count] = (struct schedule_account){.name = strdup(name)};
	if (list[count].name == NULL)
		return error_no_memory(err);
	*ret_account = (uint32_t)count;
	schedule->account_count++;
	return 0;
}

static void
schedule_load_account(struct schedule_account *account,
    const struct spool *spool)
{
	uint64_t now = (uint64_t)time(NULL);
	struct account_hold hold = {.since = 0};

	account->is_held = schedule_account_is_held(spool, account->name);
	account_hold_load(spool, account->name, ACCOUNT_WAITS, &hold);
	account->next = hold.tried > now || hold.next > now + QUEUE_WAIT_MAX_S
	    ? 0
	    : hold.next;
	account->waits_for_network =
	    queue_wait_is_for_network(hold.text[ACCOUNT_HOLD_CAUSE]);
	account_hold_done(&hold);
}

static bool
message_is_due(const struct schedule_message *message,
    const struct schedule_account *account, uint64_t now)
{
	return message->next <= now ||
	    (message->waits_for_network && account->network_changed);
}
