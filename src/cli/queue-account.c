/* SPDX-License-Identifier: MIT */
/*
 * Describes the accounts of the queue.
 */
#include "cli/queue-account.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/shell-word.h"
#include "report/time.h"
#include "spool/account-key.h"

enum {
	WORDS_MAX = 16384
};

static void print_account(const struct queue_account *account, bool is_run);
static void print_held(const char *name, const char *config);
static const char *account_state(const struct queue_account *account);

void
queue_accounts_done(struct queue_accounts *accounts)
{
	for (size_t i = 0; i < accounts->count; i++) {
		free(accounts->account[i].key);
		account_hold_done(&accounts->account[i].held);
		account_hold_done(&accounts->account[i].wait);
	}
	free(accounts->account);
	*accounts = (struct queue_accounts){.count = 0};
}

const struct queue_account *
queue_accounts_find(struct queue_accounts *accounts, const struct spool *spool,
    const char *key)
{
	struct queue_account *list = accounts->account;
	struct queue_account *one;

	for (size_t i = 0; i < accounts->count; i++) {
		if (strcmp(list[i].key, key) == 0)
			return &list[i];
	}
	list = realloc(list, (accounts->count + 1) * sizeof *list);
	if (list == NULL)
		return NULL;
	accounts->account = list;
	one = &list[accounts->count];
	*one = (struct queue_account){.key = strdup(key)};
	if (one->key == NULL)
		return NULL;
	one->is_held =
	    account_hold_load(spool, key, ACCOUNT_HELD_BY_USER, &one->held) ||
	    account_hold_load(spool, "", ACCOUNT_HELD_BY_USER, &one->held);
	one->waits = account_hold_load(spool, key, ACCOUNT_WAITS, &one->wait);
	accounts->count++;
	return one;
}

void
queue_accounts_load(struct queue_accounts *accounts, const struct spool *spool)
{
	struct account_hold hold = {.since = 0};

	accounts->are_held =
	    account_hold_load(spool, "", ACCOUNT_HELD_BY_USER, &hold);
	account_hold_done(&hold);
}

void
queue_accounts_print(const struct queue_accounts *accounts, bool is_run)
{
	if (accounts->are_held)
		puts("all accounts are held; run postrider queue release to "
		     "send their messages");
	for (size_t i = 0; i < accounts->count && !accounts->are_held; i++)
		print_account(&accounts->account[i], is_run);
}

void
queue_account_add(struct json *json, const struct queue_account *account)
{
	const struct account_hold *wait;
	char moment[TIME_UTC_SIZE];

	if (account == NULL || account_state(account) == NULL) {
		json_text(json, "account_state", NULL);
		return;
	}
	wait = account->is_held ? &account->held : &account->wait;
	json_open(json, "account_state", '{');
	json_text(json, "status", account_state(account));
	time_utc((time_t)wait->since, moment);
	json_text(json, "since", moment);
	time_utc((time_t)account->wait.next, moment);
	json_text(json, "next_try_at", account->is_held ? NULL : moment);
	json_text(json, "cause", account->wait.text[ACCOUNT_HOLD_CAUSE]);
	json_text(json, "reason", account->wait.text[ACCOUNT_HOLD_REASON]);
	json_text(json, "hint", account->wait.text[ACCOUNT_HOLD_HINT]);
	json_close(json, '}');
}

static void
print_account(const struct queue_account *account, bool is_run)
{
	const struct account_hold *wait = &account->wait;
	const char *reason = wait->text[ACCOUNT_HOLD_REASON];
	const char *hint = wait->text[ACCOUNT_HOLD_HINT];
	char *name = account_key_name(account->key);
	char left[TIME_LEFT_SIZE];

	if (name != NULL && account->is_held) {
		print_held(name, account_key_config(account->key));
	} else if (name != NULL && account->waits) {
		time_left((time_t)wait->next, left);
		printf("account %s %s %s: %s\n", name,
		    is_run ? "is tried again in" : "has failed",
		    is_run ? left : "and waits for postrider queue run",
		    reason != NULL ? reason : "no reason is known");
		if (hint != NULL)
			printf("hint: %s\n", hint);
	}
	free(name);
}

/* With the command that releases it. */
static void
print_held(const char *name, const char *config)
{
	struct error ignored;
	struct buf words;

	buf_init(&words, WORDS_MAX);
	if (shell_word_add(&words, name, &ignored) == 0 &&
	    (config == NULL ||
		(buf_add_text(&words, " -C ", &ignored) == 0 &&
		    shell_word_add(&words, config, &ignored) == 0)))
		printf("account %s is held; run postrider queue release %s to "
		       "send its messages\n",
		    name, buf_text(&words));
	buf_done(&words);
}

/* NULL: its messages are sent as they come. */
static const char *
account_state(const struct queue_account *account)
{
	if (account->is_held)
		return "held";
	if (!account->waits)
		return NULL;
	return account->wait.needs_user ? "needs-user" : "waiting";
}
