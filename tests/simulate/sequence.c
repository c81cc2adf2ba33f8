/* SPDX-License-Identifier: MIT */
/*
 * Drives submit/attempt.c and smtp/session.c. A step must not be announced
 * before it has happened.
 */
#include "sequence.h"

#include "smtp/session.h"
#include "smtp/step.h"
#include "submit/attempt.h"

#include "verdict.h"

struct sequence {
	const struct choices *choices;
	const struct server *server;
	const struct output *output;
	struct message *message;
	struct smtp_recipient *recipient;
	size_t count;
	struct attempt attempt;
	enum smtp_step_kind last_step;
	unsigned credentials, renewals;
};

static void send_groups(struct sequence *sequence,
    struct smtp_session *session);
static void send_group(struct sequence *sequence, struct smtp_session *session,
    size_t at, size_t count);
static void fail_from(struct sequence *sequence, size_t at,
    const struct error *err);
static void on_step(void *context, const struct smtp_step *step);
static void on_credential(void *context);
static void on_renewal(void *context, const struct error *refusal);
static void on_line(void *context, enum transcript_side side, const char *text);
static long next_bytes(void *context, void *out, size_t len, struct error *err);
static void rewind_bytes(void *context);

void
sequence_run(const struct choices *choices, const struct server *server,
    const struct output *output, struct message *message,
    struct smtp_recipient *recipient)
{
	struct sequence sequence = {.choices = choices,
	    .server = server,
	    .output = output,
	    .message = message,
	    .recipient = recipient,
	    .count = choices->envelope.recipients.count,
	    .last_step = SMTP_STEP_COUNT};
	const struct attempt_observer observer = {.on_step = on_step,
	    .on_credential = on_credential,
	    .on_renewal = on_renewal,
	    .context = &sequence,
	    .transcript = {.line = on_line, .context = &sequence}};
	struct smtp_session *session = NULL;
	struct error err;

	attempt_init(&sequence.attempt, &choices->route, &observer);
	if (attempt_start(&sequence.attempt, &err) == 0)
		session = attempt_open(&sequence.attempt, &err);
	if (session != NULL)
		send_groups(&sequence, session);
	else
		fail_from(&sequence, 0, &err);
	smtp_session_close(session);
	attempt_done(&sequence.attempt);
}

static void
send_groups(struct sequence *sequence, struct smtp_session *session)
{
	struct seed *seed = sequence->choices->seed;
	struct error not_sent;
	size_t at = 0;

	error_set(&not_sent, ERROR_USAGE, "not sent");
	while (at < sequence->count && !seed_chance(seed, 100)) {
		size_t count =
		    1 + seed_below(seed, (uint32_t)(sequence->count - at));

		send_group(sequence, session, at, count);
		at += count;
	}
	fail_from(sequence, at, &not_sent);
}

static void
send_group(struct sequence *sequence, struct smtp_session *session, size_t at,
    size_t count)
{
	const struct envelope *envelope = &sequence->choices->envelope;
	struct smtp_recipient *recipient = &sequence->recipient[at];
	struct smtp_transaction transaction = {.sender = envelope->sender,
	    .notify = envelope->notify,
	    .recipient = recipient,
	    .recipient_count = count,
	    .body = {.size = sequence->message->wire_size,
		.has_8bit = sequence->message->has_8bit,
		.next = next_bytes,
		.rewind = rewind_bytes,
		.context = sequence->message}};
	struct error err;
	int result = smtp_session_send(session, &transaction, &err);
	size_t accepted = 0;

	for (size_t i = 0; i < count; i++)
		accepted += recipient[i].outcome.code == ERROR_NONE;
	verdict_note("report", "%zu of %zu recipients accepted", accepted,
	    count);
	if ((result == 0) != (accepted > 0))
		verdict_violation("the transaction returns %d; %zu accepted",
		    result, accepted);
	if (result == -1)
		output_check(sequence->output, "error", err.message);
}

static void
fail_from(struct sequence *sequence, size_t at, const struct error *err)
{
	for (; at < sequence->count; at++)
		sequence->recipient[at].outcome = *err;
}

static void
on_step(void *context, const struct smtp_step *step)
{
	struct sequence *sequence = context;
	const struct server *server = sequence->server;
	const struct server_account *account = server->account;

	verdict_note("step", "%d", (int)step->kind);
	output_check(sequence->output, "greeting", step->greeting);
	if (step->failure != NULL)
		output_check(sequence->output, "failure", step->failure);
	if (step->kind == SMTP_STEP_NAME)
		sequence->last_step = SMTP_STEP_COUNT;
	else if (sequence->last_step == SMTP_STEP_COUNT)
		verdict_violation("step %d without a name", (int)step->kind);
	if (step->kind == SMTP_STEP_TLS && !server->is_tls)
		verdict_violation("TLS is announced without TLS");
	if (step->kind >= SMTP_STEP_SERVER && account->needs_tls &&
	    !server->is_tls)
		verdict_violation("step %d without TLS", (int)step->kind);
	if (step->kind == SMTP_STEP_SIGN_IN && !server->is_signed_in &&
	    !server->truth.is_lying)
		verdict_violation("a sign-in is announced that failed");
	sequence->last_step = step->kind;
}

static void
on_credential(void *context)
{
	struct sequence *sequence = context;

	sequence->credentials++;
}

/* Once, and only for a token that was used. */
static void
on_renewal(void *context, const struct error *refusal)
{
	struct sequence *sequence = context;

	output_check(sequence->output, "refusal", refusal->message);
	if (sequence->renewals++ > 0 || sequence->credentials == 0)
		verdict_violation("renewal %u after %u credentials",
		    sequence->renewals, sequence->credentials);
}

static void
on_line(void *context, enum transcript_side side, const char *text)
{
	const struct sequence *sequence = context;

	(void)side;
	output_check(sequence->output, "transcript", text);
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
