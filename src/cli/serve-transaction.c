/* SPDX-License-Identifier: MIT */
/*
 * One message of an SMTP client: the account is chosen and the session opened
 * at MAIL, recipients are passed on as they come, and the message once it is
 * complete.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/peer-user.h"
#include "base/text.h"
#include "cli/serve-reply.h"
#include "cli/serve-state.h"
#include "submit/log.h"

static int serve_begin(struct serve *serve, const struct server_path *path,
    struct error *err);
static int serve_set_envelope(struct serve *serve,
    const struct server_path *path, struct error *err);
static bool serve_is_for_other_user(void);
static void serve_send(struct serve *serve, struct server_reply *reply);
static void serve_log(struct serve *serve);
static void serve_log_failure(struct serve *serve, const struct error *failure);

void
serve_mail(void *context, const struct server_path *path,
    struct server_reply *reply)
{
	struct serve *serve = context;
	struct error err;

	serve_end_transaction(serve);
	if (serve_set_sender(serve, path->address, &err) == -1) {
		serve_reply_address(reply, "5.1.7", &err);
	} else if (serve_needs_new_process(serve)) {
		reply->code = SERVER_HAND_OVER;
	} else if (serve_begin(serve, path, &err) == -1) {
		if (serve->relay.is_credential_old) {
			reply->code = SERVER_HAND_OVER;
			return;
		}
		if (!serve_is_for_other_user() ||
		    !serve_reply_excuse(reply, &err))
			serve_reply_explain(reply, &err);
		serve_log_failure(serve, &err);
		serve_end_transaction(serve);
	} else {
		server_reply_set(reply, 250, "2.1.0", "OK");
	}
}

static int
serve_begin(struct serve *serve, const struct server_path *path,
    struct error *err)
{
	static const struct error queued_first = {.code = ERROR_QUEUED,
	    .message = "not tried yet"};
	struct submission *submission = &serve->submission;
	struct relay_sender sender = {.size = path->size,
	    .is_7bit = path->body == SERVER_BODY_7BIT};

	serve->may_utf8 = path->utf8;
	serve->is_too_large = false;
	serve->is_logged = false;
	serve->is_detached = false;
	/* Before a session: who has reached the limit causes no sign-in. */
	if (serve_choose_account(serve, err) == -1 ||
	    serve_set_envelope(serve, path, err) == -1 ||
	    user_limit_take(&serve->limit, 0, err) == -1)
		return -1;
	sender.utf8 = submission->envelope.needs_utf8 || path->utf8;
	if (serve_queue_is_first(serve) || queue_fallback_waits(&serve->queue))
		return serve_queue_detach(serve, &queued_first) ? 0 : -1;
	if (submission->no_server.code == ERROR_NONE &&
	    relay_begin(&serve->relay, &serve->held, &submission->delivery,
		&sender, err) == 0)
		return 0;
	if (submission->no_server.code != ERROR_NONE)
		*err = submission->no_server;
	return serve_queue_detach(serve, err) ? 0 : -1;
}

static int
serve_set_envelope(struct serve *serve, const struct server_path *path,
    struct error *err)
{
	struct submission *submission = &serve->submission;
	char *address = submission_address(submission);
	char *sender = submission_envelope_sender(submission, address);
	struct envelope_request request =
	    submission_envelope_request(submission);
	struct envelope *envelope = &submission->envelope;
	int result = -1;

	request.sender = sender;
	if (address == NULL || sender == NULL)
		error_no_memory(err);
	else
		result = envelope_begin(envelope, &request, err);
	free(sender);
	free(address);
	if (result == 0 && path->return_type != NULL) {
		free(envelope->return_type);
		envelope->return_type =
		    text_format(err, "%s", path->return_type);
		result = envelope->return_type != NULL ? 0 : -1;
	}
	if (result == 0 && path->envelope_id != NULL) {
		free(envelope->envelope_id);
		envelope->envelope_id =
		    text_format(err, "%s", path->envelope_id);
		result = envelope->envelope_id != NULL ? 0 : -1;
	}
	if (result == -1 ||
	    delivery_init(&submission->delivery, &submission->route, envelope,
		&submission->message, err) == -1)
		return -1;
	submission->delivery.has_client =
	    peer_user(STDIN_FILENO, &submission->delivery.client_uid);
	return 0;
}

static bool
serve_is_for_other_user(void)
{
	uid_t uid;

	return peer_user(STDIN_FILENO, &uid) && uid != geteuid();
}

void
serve_data(void *context, struct server_reply *reply)
{
	const struct serve *serve = context;
	uint64_t max = serve->relay.size_max;

	/* Some recipients of the alias were accepted, but the client has been
	   told that it was refused. */
	if (serve->mixed.code != ERROR_NONE)
		serve_reply_explain(reply, &serve->mixed);
	else if (max > 0 && serve->relay.transaction.body.size > max)
		serve_reply_too_large(reply, max);
	else
		server_reply_set(reply, 354, "",
		    "end the message with <CRLF>.<CRLF>");
}

/* What is too large is read, but not kept. */
void
serve_content(void *context, const char *bytes, size_t len)
{
	struct serve *serve = context;
	struct source *source = serve->submission.message.source;
	uint64_t max = serve->relay.size_max;

	if (max > 0 && source_size(source) + len > max)
		serve->is_too_large = true;
	if (!serve->is_too_large && serve->failure.code == ERROR_NONE)
		source_add(source, bytes, len, &serve->failure);
}

void
serve_message(void *context, struct server_reply *reply)
{
	struct serve *serve = context;
	struct submission *submission = &serve->submission;
	struct message *message = &submission->message;
	struct error *err = &serve->failure;
	uint64_t max = serve->relay.size_max;
	bool is_whole = !serve->is_too_large && err->code == ERROR_NONE &&
	    message_parse(message, err) == 0 &&
	    submission_complete(submission, err) == 0;

	if (serve->is_too_large ||
	    (is_whole && max > 0 && message->wire_size > max)) {
		serve_reply_too_large(reply, max);
		error_set(err, ERROR_DATA, "%s", reply->text);
		serve_log_failure(serve, err);
	} else if (is_whole) {
		serve_send(serve, reply);
	} else {
		serve_reply_explain(reply, err);
		serve_log_failure(serve, err);
	}
	serve_end_transaction(serve);
}

static void
serve_send(struct serve *serve, struct server_reply *reply)
{
	struct error outcome = serve->is_detached ? serve->relay.broken
						  : relay_finish(&serve->relay);
	const struct smtp_transaction *transaction = &serve->relay.transaction;

	if (outcome.code == ERROR_NONE)
		server_reply_set(reply, 250,
		    transaction->receipt_code[0] != '\0'
			? transaction->receipt_code
			: "2.0.0",
		    "%s", transaction->receipt);
	else if (!serve_queue_message(serve, &outcome, reply))
		serve_reply_pass_on(reply, &outcome);
	serve_log(serve);
	if (outcome.code == ERROR_NONE)
		serve_queue_release(serve);
}

static void
serve_log(struct serve *serve)
{
	struct error err;

	serve->is_logged = true;
	if (log_outcome(&serve->submission.delivery, &err) == -1 &&
	    !serve->report.quiet)
		report_warning(&serve->report, &err);
}

/* Without an account there is no log. */
static void
serve_log_failure(struct serve *serve, const struct error *failure)
{
	const struct delivery *delivery = &serve->submission.delivery;
	struct error err;

	serve->is_logged = true;
	if (delivery->route != NULL &&
	    log_failure(delivery, failure, &err) == -1 && !serve->report.quiet)
		report_warning(&serve->report, &err);
}

void
serve_end_transaction(struct serve *serve)
{
	struct submission *submission = &serve->submission;
	struct delivery *delivery = &submission->delivery;
	struct error ignored;

	if (!serve->is_logged && delivery->recipient_count > 0 &&
	    delivery_count(delivery, ERROR_NONE) == 0)
		serve_log(serve); /* all were refused */
	for (size_t i = 0; i < delivery->recipient_count; i++) {
		free((char *)delivery->recipient[i].notify);
		free((char *)delivery->recipient[i].original);
	}
	relay_done(&serve->relay);
	delivery_done(delivery);
	delivery->route = NULL;
	envelope_done(&submission->envelope);
	if (submission->message.source != NULL)
		message_clear(&submission->message, &ignored);
	delivery->queue_id[0] = '\0';
	serve->failure.code = ERROR_NONE;
	serve->mixed.code = ERROR_NONE;
	serve->recipient_first = 0;
	serve->recipient_count = 0;
}
