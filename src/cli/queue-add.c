/* SPDX-License-Identifier: MIT */
/*
 * Describes a submission as an entry of the queue, and writes both to the
 * spool. Does not know when a message is queued.
 */
#include "cli/queue-add.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "cli/credential-place.h"
#include "smtp/body.h"
#include "spool/account-key.h"
#include "submit/params.h"
#include "submit/queue-wait.h"
#include "submit/queued-outcome.h"

/* The message as it is sent, piece by piece. */
struct wire_form {
	struct smtp_body_reader *reader;
	const char *bytes; /* of the piece, not read yet */
	size_t len;
};

/* Settings that the message does not need in the queue. */
enum use {
	USE_MESSAGE = 1, /* they have completed it */
	USE_ATTEMPT = 2  /* they limit an attempt */
};

static bool has_passing_credential(const struct account *account);
static unsigned use_of(enum setting_id id);
static int queue_add_describe(const struct submission *submission,
    struct spool_entry *entry, struct error *err);
static int queue_add_recipients(const struct delivery *delivery,
    enum queue_tries tries, struct spool_entry *entry, struct error *err);
static int queue_add_write(const struct submission *submission,
    struct spool *spool, struct spool_entry *entry, struct error *err);
static long read_wire_form(void *context, void *out, size_t len,
    struct error *err);

int
queue_add_check(const struct submission *submission, bool was_tried,
    struct error *err)
{
	const struct options *options = submission->options;
	const char *given = NULL;
	unsigned harmless = USE_MESSAGE | (was_tried ? USE_ATTEMPT : 0);

	for (enum setting_id id = 0; given == NULL && id < SETTING_COUNT;
	     id++) {
		if ((use_of(id) & harmless) == 0 &&
		    options->flags.text[id] != NULL)
			given = options->flags.origin[id];
	}
	if (given != NULL) {
		error_set(err, ERROR_USAGE,
		    "%s: not possible for a message that is queued", given);
		return error_hint(err,
		    "set it in the configuration, which is read when the "
		    "message is sent");
	}
	if (was_tried && has_passing_credential(submission->route.account)) {
		error_set(err, ERROR_CONFIG,
		    "the credential is in the environment of this process "
		    "only");
		return error_hint(err, "run postrider login to store it");
	}
	if (submission->route.account->name != NULL)
		return 0;
	error_set(err, ERROR_CONFIG,
	    "only an account of the configuration can send from the queue");
	return error_hint(err,
	    "run postrider login me@example.org to add an account");
}

int
queue_add(const struct submission *submission, struct spool *spool,
    enum queue_tries tries, char id[SPOOL_ID_SIZE], struct error *err)
{
	struct spool_entry entry;
	int result = -1;

	spool_entry_init(&entry);
	if (queue_add_describe(submission, &entry, err) == 0 &&
	    queue_add_recipients(&submission->delivery, tries, &entry, err) ==
		0 &&
	    queue_add_write(submission, spool, &entry, err) == 0) {
		memcpy(id, entry.id, SPOOL_ID_SIZE);
		result = 0;
	}
	spool_entry_done(&entry);
	return result;
}

bool
queue_add_keeps(const struct error *outcome, enum queue_tries tries)
{
	bool is_reply = outcome->reply_code != 0 &&
	    outcome->reply_code != 421 && outcome->step != NULL &&
	    strcmp(outcome->step, "rcpt") == 0;

	if (tries == QUEUE_UNTRIED || outcome->code == ERROR_AMBIGUOUS)
		return true;
	return queued_outcome_may_wait(outcome) &&
	    !(tries == QUEUE_RELAYED && is_reply);
}

/* One that the attempt has removed from the environment. */
static bool
has_passing_credential(const struct account *account)
{
	const char *source = account->text[SETTING_CREDENTIAL];

	return params_need_secret(account) &&
	    (source != NULL ? text_has_prefix(source, "env:")
			    : credential_place_has_variable());
}

static unsigned
use_of(enum setting_id id)
{
	static const unsigned uses[SETTING_COUNT] = {
	    [SETTING_FULL_NAME] = USE_MESSAGE,
	    [SETTING_SET_FROM] = USE_MESSAGE,
	    [SETTING_ADD_SENDER] = USE_MESSAGE,
	    [SETTING_ALIASES] = USE_MESSAGE,
	    [SETTING_LOCAL_RECIPIENT] = USE_MESSAGE,
	    [SETTING_EXTRACT_ADDRESSES] = USE_MESSAGE,
	    [SETTING_QUEUE] = USE_MESSAGE,
	    [SETTING_QUEUE_AFTER] = USE_MESSAGE,
	    [SETTING_QUEUE_START] = USE_MESSAGE,
	    [SETTING_TIMEOUT] = USE_ATTEMPT,
	    [SETTING_FINAL_TIMEOUT] = USE_ATTEMPT,
	    [SETTING_DEADLINE] = USE_ATTEMPT,
	    [SETTING_RETRIES] = USE_ATTEMPT,
	    [SETTING_RETRY_DELAY] = USE_ATTEMPT,
	};

	return uses[id];
}

static int
queue_add_describe(const struct submission *submission,
    struct spool_entry *entry, struct error *err)
{
	const struct envelope *envelope = &submission->envelope;
	char *account = account_key_new(submission->route.account->name,
	    submission->options->config_path, err);
	time_t now = time(NULL);
	char id[512];
	int result = -1;

	delivery_message_id(&submission->delivery, id, sizeof id);
	entry->number[SPOOL_SIZE] = submission->message.wire_size;
	entry->number[SPOOL_CREATED] = (uint64_t)now;
	entry->number[SPOOL_NEXT] = (uint64_t)now;
	entry->number[SPOOL_UTF8] = envelope->needs_utf8;
	if (account != NULL &&
	    spool_entry_set(entry, SPOOL_ACCOUNT, account, err) == 0 &&
	    spool_entry_set(entry, SPOOL_SENDER, envelope->sender, err) == 0 &&
	    spool_entry_set(entry, SPOOL_NOTIFY, envelope->notify, err) == 0 &&
	    spool_entry_set(entry, SPOOL_RETURN_TYPE, envelope->return_type,
		err) == 0 &&
	    spool_entry_set(entry, SPOOL_ENVELOPE_ID, envelope->envelope_id,
		err) == 0 &&
	    spool_entry_set(entry, SPOOL_MESSAGE_ID, id, err) == 0)
		result = 0;
	free(account);
	return result;
}

static int
queue_add_recipients(const struct delivery *delivery, enum queue_tries tries,
    struct spool_entry *entry, struct error *err)
{
	const struct error *reason = NULL;

	for (size_t i = 0; i < delivery->recipient_count; i++) {
		const struct smtp_recipient *one = &delivery->recipient[i];
		struct spool_recipient *added;
		bool is_unknown = one->outcome.code == ERROR_AMBIGUOUS;

		if (!queue_add_keeps(&one->outcome, tries))
			continue;
		if (spool_entry_add(entry, one->address, err) == -1)
			return -1;
		added = &entry->recipient[entry->count - 1];
		if (spool_recipient_set_reports(added, one->notify,
			one->original, err) == -1)
			return -1;
		if (tries == QUEUE_UNTRIED)
			continue;
		spool_recipient_set(added,
		    is_unknown ? SPOOL_UNKNOWN : SPOOL_WAITING,
		    one->outcome.message);
		if (!is_unknown)
			reason = &one->outcome;
	}
	if (reason != NULL)
		queued_outcome_postpone(entry, reason);
	/* The program that sends the queue finds out how long to wait. */
	if (reason != NULL && queue_wait_is_for_account(reason))
		entry->number[SPOOL_NEXT] = entry->number[SPOOL_TRIED];
	return 0;
}

static int
queue_add_write(const struct submission *submission, struct spool *spool,
    struct spool_entry *entry, struct error *err)
{
	struct smtp_transaction transaction;
	struct wire_form form = {.len = 0};
	int result = -1;

	delivery_set_transaction(&submission->delivery, &transaction);
	form.reader = smtp_body_open(&transaction.body, false, err);
	if (form.reader != NULL)
		result = spool_add(spool, entry, read_wire_form, &form, err);
	smtp_body_close(form.reader);
	return result;
}

static long
read_wire_form(void *context, void *out, size_t len, struct error *err)
{
	struct wire_form *form = context;

	if (form->len == 0) {
		long got = smtp_body_next(form->reader, &form->bytes, err);

		if (got <= 0)
			return got;
		form->len = (size_t)got;
	}
	if (len > form->len)
		len = form->len;
	memcpy(out, form->bytes, len);
	form->bytes += len;
	form->len -= len;
	return (long)len;
}
