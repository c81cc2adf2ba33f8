/* SPDX-License-Identifier: MIT */
/*
 * Tries and retries. The credential is fetched beside the first connection and
 * kept for the later ones; nobody who has the message gets it again, unless the
 * server's answer was lost, and then the report says so.
 */
#include "cli/deliver.h"

#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/diagnose.h"
#include "cli/params.h"
#include "cli/pop-first.h"
#include "credential/client.h"
#include "smtp/session.h"

struct delivery {
	struct submission *submission;
	struct report *report;
	struct smtp_params params;
	struct smtp_transaction transaction;
	struct credential *credential;
	int64_t deadline_ms;
	bool is_admitted; /* by POP, where that comes first */
	size_t pending;   /* recipients without the message: the first ones */
};

static void set_up(struct delivery *delivery);
static void set_up_transaction(struct delivery *delivery);
static int start_credential(struct delivery *delivery, struct error *err);
static int await_secret(void *context, const struct secret **ret_secret,
    struct error *err);
static void try_once(struct delivery *delivery);
static int ask_admission(struct delivery *delivery, struct error *err);
static bool renew_token(struct delivery *delivery, const struct error *cause);
static void fail_pending(struct delivery *delivery, const struct error *err);
static void sort_out(struct delivery *delivery);
static void suggest_check(struct error *err, const struct account *account);
static bool wait_for_next_try(struct delivery *delivery);
static int64_t with_jitter(int64_t delay_ms);
static long next_bytes(void *context, void *out, size_t len, struct error *err);
static void rewind_bytes(void *context);

void
deliver(struct submission *submission, struct report *report)
{
	struct delivery delivery = {.submission = submission,
	    .report = report,
	    .pending = submission->recipient_count};
	struct error err;

	set_up(&delivery);
	if (start_credential(&delivery, &err) == -1) {
		fail_pending(&delivery, &err);
		return;
	}
	do {
		try_once(&delivery);
		sort_out(&delivery);
	} while (delivery.pending > 0 && wait_for_next_try(&delivery));
	credential_free(delivery.credential);
}

static void
set_up(struct delivery *delivery)
{
	delivery->deadline_ms = clock_now_ms() +
	    account_duration_ms(delivery->submission->account,
		SETTING_DEADLINE);
	delivery->params = params_for_session(delivery->submission->account,
	    delivery->deadline_ms);
	delivery->params.await_secret = await_secret;
	delivery->params.secret_context = delivery;
	delivery->params.transcript = report_transcript(delivery->report);
	set_up_transaction(delivery);
}

static void
set_up_transaction(struct delivery *delivery)
{
	struct submission *submission = delivery->submission;
	const struct envelope *envelope = &submission->envelope;
	struct message *message = &submission->message;

	delivery->transaction =
	    (struct smtp_transaction){.sender = envelope->sender,
		.utf8 = envelope->needs_utf8,
		.notify = envelope->notify,
		.return_type = envelope->return_type,
		.envelope_id = envelope->envelope_id,
		.recipient = submission->recipient,
		.body = {.size = message->wire_size,
		    .has_8bit = message->has_8bit,
		    .next = next_bytes,
		    .rewind = rewind_bytes,
		    .context = message}};
}

static int
start_credential(struct delivery *delivery, struct error *err)
{
	const struct account *account = delivery->submission->account;
	struct credential_request request =
	    params_for_credential(account, &delivery->submission->selection);

	if (!params_need_secret(account))
		return 0;
	delivery->credential = credential_start(&request, err);
	return delivery->credential == NULL ? -1 : 0;
}

static int
await_secret(void *context, const struct secret **ret_secret, struct error *err)
{
	struct delivery *delivery = context;

	return credential_await(delivery->credential, ret_secret, err);
}

static void
try_once(struct delivery *delivery)
{
	struct submission *submission = delivery->submission;
	struct smtp_transaction *transaction = &delivery->transaction;
	struct smtp_session *session;
	struct error err;

	submission->tries++;
	if (ask_admission(delivery, &err) == -1) {
		fail_pending(delivery, &err);
		return;
	}
	session = smtp_session_open(&delivery->params, &err);
	if (session == NULL && renew_token(delivery, &err))
		session = smtp_session_open(&delivery->params, &err);
	if (session == NULL) {
		fail_pending(delivery, &err);
		return;
	}
	transaction->recipient_count = delivery->pending;
	if (smtp_session_send(session, transaction, &err) == 0)
		memcpy(submission->receipt, transaction->receipt,
		    sizeof submission->receipt);
	smtp_session_close(session);
}

/* Once: it lasts for minutes, and a POP3 server may want them to pass before
 * the next sign-in (RFC 2449 8.1.1). */
static int
ask_admission(struct delivery *delivery, struct error *err)
{
	const struct submission *submission = delivery->submission;
	const struct secret *secret;

	if (!account_signs_in_by_pop(submission->account) ||
	    delivery->is_admitted)
		return 0;
	if (await_secret(delivery, &secret, err) == -1 ||
	    pop_first(submission->account, &submission->selection, secret,
		&delivery->params.transcript, err) == -1)
		return -1;
	delivery->is_admitted = true;
	return 0;
}

/*
 * A token may have been withdrawn before its time: another one is worth a
 * session of its own at once. What can't be renewed leaves the refusal as it
 * is.
 */
static bool
renew_token(struct delivery *delivery, const struct error *cause)
{
	const struct transcript *transcript = &delivery->params.transcript;
	struct error err;

	if (cause->code != ERROR_AUTH || cause->reply_code == 0 ||
	    delivery->credential == NULL ||
	    !credential_may_renew(delivery->credential))
		return false;
	transcript_note(transcript,
	    "the token was refused: asking for another, once");
	if (credential_renew(delivery->credential, &err) == 0)
		return true;
	transcript_note(transcript, "there is no other: %s", err.message);
	return false;
}

static void
fail_pending(struct delivery *delivery, const struct error *err)
{
	for (size_t i = 0; i < delivery->pending; i++)
		delivery->submission->recipient[i].outcome = *err;
}

/*
 * Explains what went wrong, and puts those first who may still get the message
 * by another try.
 */
static void
sort_out(struct delivery *delivery)
{
	struct submission *submission = delivery->submission;
	size_t pending = 0;

	for (size_t i = 0; i < delivery->pending; i++) {
		struct smtp_recipient recipient = submission->recipient[i];

		diagnose(&recipient.outcome, submission->config,
		    submission->account);
		suggest_check(&recipient.outcome, submission->account);
		submission->recipient[i] = recipient;
		if (!error_is_temporary(recipient.outcome.code))
			continue;
		submission->recipient[i] = submission->recipient[pending];
		submission->recipient[pending++] = recipient;
	}
	delivery->pending = pending;
}

/* Where nobody knows better: it shows what the server offers, and how far it
 * gets. */
static void
suggest_check(struct error *err, const struct account *account)
{
	bool is_meant = err->code == ERROR_SECURITY ||
	    (err->code == ERROR_AUTH && err->reply_code != 0);

	if (is_meant && err->hint[0] == '\0' && account->name != NULL)
		error_hint(err, "postrider check %s shows more", account->name);
}

/* Whether there is another try; sleeps until it is time for it. */
static bool
wait_for_next_try(struct delivery *delivery)
{
	struct submission *submission = delivery->submission;
	const struct account *account = submission->account;
	const struct error *cause = &submission->recipient[0].outcome;
	int64_t delay_ms;

	if (submission->tries >= 1 + account_number(account, SETTING_RETRIES))
		return false;
	delay_ms = with_jitter(account_duration_ms(account, SETTING_RETRY_DELAY)
	    << (submission->tries - 1 < 20 ? submission->tries - 1 : 20));
	if (clock_now_ms() + delay_ms >= delivery->deadline_ms)
		return false;
	for (size_t i = 0; i < delivery->pending; i++) {
		if (submission->recipient[i].outcome.code == ERROR_AMBIGUOUS)
			submission->duplicate_possible = true;
	}
	report_retry(delivery->report, submission, cause, delay_ms);
	clock_sleep_until(clock_now_ms() + delay_ms);
	return true;
}

/* Up to a quarter more, so that many callers don't come back as one. */
static int64_t
with_jitter(int64_t delay_ms)
{
	uint32_t random = 0;

	if (getentropy(&random, sizeof random) == -1)
		random = (uint32_t)getpid();
	return delay_ms + (int64_t)(random % 1024) * (delay_ms / 4) / 1024;
}

static long
next_bytes(void *context, void *out, size_t len, struct error *err)
{
	return message_next(context, out, len, err);
}

static void
rewind_bytes(void *context)
{
	message_rewind(context);
}
