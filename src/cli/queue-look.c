/* SPDX-License-Identifier: MIT */
/*
 * Finds out whether a message arrived whose outcome is unknown: asks the
 * provider's mailbox of sent mail. Only what is proven changes the queue.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/queue.h"
#include "credential/credential.h"
#include "credential/keeper.h"
#include "report/json.h"
#include "report/report.h"
#include "submit/params.h"
#include "submit/route.h"
#include "submit/queued-route.h"

enum {
	HEADER_MAX = 1048576,
	PIECE_SIZE = 16384,
	START_MS = 2000 /* for a program that reads the configuration */
};

enum look_result {
	LOOK_FOUND,
	LOOK_COPY,
	LOOK_NOT_FOUND,
	LOOK_NOT_FILED,
	LOOK_RESULT_COUNT
};

/* One run of the command. */
struct looking {
	const struct queue *queue;
	int fd; /* has the lock and reads the message */
	struct spool_entry entry;
	struct settings flags; /* none */
	struct route route;
	struct keeper_look look;
	bool is_asked;   /* the server was */
	bool is_settled; /* the message has left the queue */
};

static int looking_load(struct looking *looking, struct error *err);
static int looking_find_account(struct looking *looking, struct error *err);
static bool looking_is_filed(const struct looking *looking, const char *word);
static int looking_ask(struct looking *looking, struct error *err);
static int looking_ask_with(struct looking *looking,
    struct credential_request *request, struct error *err);
static int looking_judge(struct looking *looking, enum look_result *ret_result,
    struct error *err);
static int message_has_received(int fd, bool *ret_has, struct error *err);
static bool header_is_complete(const struct buf *header);
static bool header_has_received(const char *header);
static int looking_settle(struct looking *looking, struct error *err);
static int looking_report(const struct looking *looking,
    enum look_result result);
static void print_found(const struct looking *looking);
static void print_not_found(const struct looking *looking,
    enum look_result result);
static const char *why_nothing_is_proven(const struct looking *looking,
    enum look_result result);

int
queue_look(struct queue *queue, struct error *err)
{
	struct looking looking = {.queue = queue};
	enum look_result result = LOOK_NOT_FILED;
	int status = -1;

	spool_entry_init(&looking.entry);
	settings_init(&looking.flags);
	route_init(&looking.route);
	looking.fd = spool_lock(&queue->spool, queue->id, err);
	if (looking.fd == -1 || looking_load(&looking, err) == -1 ||
	    looking_find_account(&looking, err) == -1)
		goto out;
	if (!looking_is_filed(&looking, "no") &&
	    (looking_ask(&looking, err) == -1 ||
		looking_judge(&looking, &result, err) == -1))
		goto out;
	if (result == LOOK_FOUND && looking_settle(&looking, err) == -1)
		goto out;
	status = looking_report(&looking, result);
out:
	route_done(&looking.route);
	settings_done(&looking.flags);
	spool_entry_done(&looking.entry);
	spool_unlock(looking.fd);
	return status;
}

/* The lock is ours, so what is being sent was left by a killed process. */
static int
looking_load(struct looking *looking, struct error *err)
{
	struct spool_entry *entry = &looking->entry;
	const char *id = looking->queue->id;

	if (spool_load(&looking->queue->spool, id, entry, err) == -1)
		return -1;
	spool_entry_change(entry, SPOOL_SENDING, SPOOL_UNKNOWN);
	if (spool_entry_count(entry, SPOOL_UNKNOWN) == 0) {
		error_set(err, ERROR_USAGE,
		    "queue look: %s: the outcome isn't unknown", id);
		return error_hint(err, "run postrider queue to see it");
	}
	if (entry->text[SPOOL_MESSAGE_ID] != NULL &&
	    *entry->text[SPOOL_MESSAGE_ID] != '\0')
		return 0;
	error_set(err, ERROR_DATA,
	    "queue look: %s: the message has no Message-ID", id);
	return error_hint(err,
	    "look for it among your sent mail, then run postrider queue "
	    "resend %s or postrider queue drop %s",
	    id, id);
}

static int
looking_find_account(struct looking *looking, struct error *err)
{
	return queued_route_resolve(&looking->route,
	    looking->entry.text[SPOOL_ACCOUNT], &looking->flags, err);
}

/* Whether the provider's field sent-copy is this word. */
static bool
looking_is_filed(const struct looking *looking, const char *word)
{
	const struct provider *provider = looking->route.account->provider;
	const char *value =
	    provider != NULL ? provider->text[PROVIDER_SENT_COPY] : NULL;

	return value != NULL && text_equals(value, word);
}

static int
looking_ask(struct looking *looking, struct error *err)
{
	const struct account *account = looking->route.account;
	struct credential_request request =
	    params_for_credential(&looking->route);

	if (account->text[SETTING_IMAP_HOST] == NULL) {
		error_set(err, ERROR_CONFIG,
		    "account %s: imap-host isn't set, so no server can be "
		    "asked",
		    account_label(account));
		return error_hint(err,
		    "set imap-host, or look yourself for the Message-ID %s",
		    looking->entry.text[SPOOL_MESSAGE_ID]);
	}
	if (!params_need_secret(account))
		return error_set(err, ERROR_CONFIG,
		    "account %s: has no password or token to sign in to %s "
		    "with",
		    account_label(account), account->text[SETTING_IMAP_HOST]);
	request.final_deadline_ms = 0;
	looking->is_asked = true;
	return looking_ask_with(looking, &request, err);
}

static int
looking_ask_with(struct looking *looking, struct credential_request *request,
    struct error *err)
{
	const struct account *account = looking->route.account;
	struct credential *credential = credential_start(request, err);
	const struct secret *secret;
	int result = -1;

	if (credential == NULL)
		return -1;
	if (credential_await(credential, &secret, err) == 0) {
		request->deadline_ms = clock_now_ms() +
		    account_duration_ms(account, SETTING_TIMEOUT) + START_MS;
		result = keeper_look(request, secret,
		    looking->entry.text[SPOOL_MESSAGE_ID], &looking->look, err);
	}
	credential_free(credential);
	return result;
}

/*
 * What a mail server has filed proves that it accepted the message: unless the
 * message already had Received fields before it was queued, so that any copy
 * has them, or some recipients had been accepted earlier, in another
 * transaction.
 */
static int
looking_judge(struct looking *looking, enum look_result *ret_result,
    struct error *err)
{
	bool has_received = true;

	*ret_result = looking->look.found == KEEPER_FOUND_NOTHING
	    ? LOOK_NOT_FOUND
	    : LOOK_COPY;
	if (looking->look.found != KEEPER_FOUND_ACCEPTED)
		return 0;
	if (message_has_received(looking->fd, &has_received, err) == -1)
		return -1;
	if (!has_received &&
	    spool_entry_count(&looking->entry, SPOOL_SENT) == 0)
		*ret_result = LOOK_FOUND;
	return 0;
}

static int
message_has_received(int fd, bool *ret_has, struct error *err)
{
	struct buf header;
	char piece[PIECE_SIZE];
	ssize_t got = 0;
	int result = 0;

	buf_init(&header, HEADER_MAX + PIECE_SIZE);
	while (result == 0 && header.len < HEADER_MAX &&
	    !header_is_complete(&header) &&
	    (got = file_read_some(fd, piece, sizeof piece, "message", err)) > 0)
		result = buf_add(&header, piece, (size_t)got, err);
	if (got == -1)
		result = -1;
	if (result == 0)
		*ret_has = header_has_received(buf_text(&header));
	buf_done(&header);
	return result;
}

static bool
header_is_complete(const struct buf *header)
{
	return strstr(buf_text(header), "\r\n\r\n") != NULL;
}

static bool
header_has_received(const char *header)
{
	static const char name[] = "Received:";
	const char *line = header;

	while (line != NULL && strncmp(line, "\r\n", 2) != 0) {
		if (text_has_prefix(line, name))
			return true;
		line = strchr(line, '\n');
		line = line != NULL ? line + 1 : NULL;
	}
	return false;
}

static int
looking_settle(struct looking *looking, struct error *err)
{
	struct spool_entry *entry = &looking->entry;
	const struct spool *spool = &looking->queue->spool;

	spool_entry_change(entry, SPOOL_UNKNOWN, SPOOL_SENT);
	looking->is_settled =
	    spool_entry_count(entry, SPOOL_SENT) == entry->count;
	return looking->is_settled ? spool_remove(spool, entry->id, err)
				   : spool_save(spool, entry, err);
}

static int
looking_report(const struct looking *looking, enum look_result result)
{
	static const char *const words[LOOK_RESULT_COUNT] = {[LOOK_FOUND] =
								 "found",
	    [LOOK_COPY] = "copy",
	    [LOOK_NOT_FOUND] = "not-found",
	    [LOOK_NOT_FILED] = "not-filed"};
	const struct account *account = looking->route.account;
	bool is_asked = looking->is_asked;
	int status = result == LOOK_FOUND ? 0 : EX_UNAVAILABLE;
	struct json json = {.out = stdout};

	if (!looking->queue->options->report.json) {
		if (result == LOOK_FOUND)
			print_found(looking);
		else
			print_not_found(looking, result);
		return status;
	}
	json_open(&json, NULL, '{');
	json_text(&json, "status", words[result]);
	json_number(&json, "exit_status", status);
	json_text(&json, "id", looking->entry.id);
	json_text(&json, "message_id", looking->entry.text[SPOOL_MESSAGE_ID]);
	json_text(&json, "host",
	    is_asked ? account->text[SETTING_IMAP_HOST] : NULL);
	json_text(&json, "mailbox", is_asked ? looking->look.mailbox : NULL);
	json_bool(&json, "in_queue", !looking->is_settled);
	json_close(&json, '}');
	json_end(&json);
	return status;
}

static void
print_found(const struct looking *looking)
{
	printf("%s: found in the mailbox %s at %s, so it was accepted\n",
	    looking->entry.id, looking->look.mailbox,
	    looking->route.account->text[SETTING_IMAP_HOST]);
	puts(looking->is_settled
		? "it is no longer in the queue"
		: "its other recipients are still in the queue");
}

static void
print_not_found(const struct looking *looking, enum look_result result)
{
	const char *id = looking->entry.id;

	if (looking->is_asked)
		printf("%s: %s in the mailbox %s at %s\n", id,
		    result == LOOK_COPY ? "found" : "not found",
		    looking->look.mailbox,
		    looking->route.account->text[SETTING_IMAP_HOST]);
	else
		printf("%s: no server was asked\n", id);
	puts(why_nothing_is_proven(looking, result));
	printf("nothing was changed; postrider queue resend %s sends it "
	       "again, postrider queue drop %s removes it\n",
	    id, id);
}

static const char *
why_nothing_is_proven(const struct looking *looking, enum look_result result)
{
	if (result == LOOK_NOT_FILED)
		return "the provider doesn't file mail that is sent by SMTP";
	if (result == LOOK_COPY && looking->look.found == KEEPER_FOUND_COPY)
		return "a mail program may have put it there, so this doesn't "
		       "prove that it was accepted";
	if (result == LOOK_COPY)
		return "it may be there since an earlier delivery, so this "
		       "doesn't prove that it was accepted";
	if (spool_entry_count(&looking->entry, SPOOL_SENT) > 0)
		return "it was accepted for other recipients and should be "
		       "there, so this proves nothing";
	return looking_is_filed(looking, "yes")
	    ? "the provider files there what it accepts, within a minute: it "
	      "was probably not accepted"
	    : "it isn't known whether the provider files mail there that is "
	      "sent by SMTP, so this proves nothing";
}
