/* SPDX-License-Identifier: MIT */
/*
 * Opens a session with its credential. Sends no message and does not retry,
 * except once with a renewed token.
 */
#include "submit/attempt.h"

#include <netdb.h>

#include "base/clock.h"
#include "base/socket-path.h"
#include "credential/keeper.h"
#include "smtp/command-program.h"
#include "submit/confinement.h"
#include "submit/diagnosis.h"
#include "submit/params.h"
#include "submit/queue-program.h"

enum {
	SERVER_SIZE = 320,
	POP_START_MS = 2000 /* for a program that reads the configuration */
};

static int attempt_await_secret(void *context, const struct secret **ret_secret,
    struct error *err);
static void attempt_extend_patience(struct attempt *attempt, int64_t spent_ms);
static void attempt_look_at(struct attempt *attempt,
    const struct secret *secret);
static int attempt_make_launcher(struct attempt *attempt, struct error *err);
static int attempt_register_programs(struct attempt *attempt,
    struct error *err);
static void attempt_confine(struct attempt *attempt);
static void attempt_narrow(void *context);
static int attempt_pop(struct attempt *attempt, struct error *err);
static bool attempt_renew(struct attempt *attempt, const struct error *refusal);

void
attempt_init(struct attempt *attempt, const struct route *route,
    const struct attempt_observer *observer)
{
	*attempt = (struct attempt){.route = route,
	    .observer = observer,
	    .params = params_for_session(route->account)};
	attempt->params.addresses = &attempt->addresses;
	attempt->params.on_addresses = attempt_narrow;
	attempt->params.addresses_context = attempt;
	attempt->params.redaction = &attempt->redaction;
	attempt->params.record = &attempt->record;
	attempt->params.await_secret = attempt_await_secret;
	attempt->params.secret_context = attempt;
	attempt->params.transcript = observer->transcript;
	attempt->params.on_step = observer->on_step;
	attempt->params.step_context = observer->context;
	attempt->params.on_progress = observer->on_progress;
	attempt->params.progress_context = observer->context;
}

void
attempt_begin_patience(struct attempt *attempt)
{
	const struct fallback *fallback = attempt->fallback;

	attempt->patience_end_ms =
	    fallback != NULL ? clock_now_ms() + fallback->patience_ms : 0;
}

int64_t
attempt_last_ms(const struct attempt *attempt)
{
	int64_t deadline_ms = attempt->params.deadline_ms;

	return attempt->patience_end_ms != 0
	    ? clock_earlier_ms(deadline_ms, attempt->patience_end_ms)
	    : deadline_ms;
}

int
attempt_start(struct attempt *attempt, struct error *err)
{
	const struct account *account = attempt->route->account;
	const struct provider *provider = account_found_provider(account);
	const char *title = account_title(account);
	char server[SERVER_SIZE];
	struct credential_request request =
	    params_for_credential(attempt->route);

	transcript_note(&attempt->observer->transcript,
	    "account %s (%s)%s%s, server %s", title != NULL ? title : "none",
	    account->found_by, provider != NULL ? ", provider " : "",
	    provider != NULL ? provider->name : "",
	    server_describe(account->text[SETTING_HOST],
		account_number(account, SETTING_PORT), server, sizeof server));
	if (attempt_make_launcher(attempt, err) == -1)
		return -1;
	request.launcher = attempt->launcher;
	request.deadline_ms =
	    clock_earlier_ms(request.deadline_ms, attempt_last_ms(attempt));
	if (params_need_secret(account)) {
		attempt->credential = credential_start(&request, err);
		if (attempt->credential == NULL)
			return -1;
	}
	return attempt_register_programs(attempt, err);
}

int
attempt_start_without_credential(struct attempt *attempt, struct error *err)
{
	if (attempt->secret == NULL)
		attempt->params.await_secret = NULL;
	if (attempt_make_launcher(attempt, err) == -1)
		return -1;
	return attempt_register_programs(attempt, err);
}

struct smtp_session *
attempt_open(struct attempt *attempt, struct error *err)
{
	struct smtp_session *session = NULL;
	int64_t deadline_ms = attempt->params.deadline_ms;

	attempt->params.deadline_ms = attempt_last_ms(attempt);
	if (attempt_pop(attempt, err) == 0) {
		attempt_confine(attempt);
		session = smtp_session_open(&attempt->params, err);
		if (session == NULL && attempt_renew(attempt, err))
			session = smtp_session_open(&attempt->params, err);
	}
	attempt->params.deadline_ms = deadline_ms;
	if (session == NULL)
		attempt_diagnose(attempt, err);
	return session;
}

void
attempt_done(struct attempt *attempt)
{
	credential_free(attempt->credential);
	attempt->credential = NULL;
	redaction_done(&attempt->redaction);
	if (attempt->addresses != NULL)
		freeaddrinfo(attempt->addresses);
	attempt->addresses = NULL;
	launcher_free(attempt->launcher);
	attempt->launcher = NULL;
}

void
attempt_diagnose(struct attempt *attempt, struct error *err)
{
	const struct attempt_observer *observer = attempt->observer;
	struct error warning;

	diagnose(err, attempt->route, attempt->sender, &warning);
	secret_shape_diagnose(attempt->shape, attempt->route, err);
	if (warning.code != ERROR_NONE && !attempt->has_warned &&
	    observer->on_warning != NULL) {
		attempt->has_warned = true;
		observer->on_warning(observer->context, &warning);
	}
}

static int
attempt_make_launcher(struct attempt *attempt, struct error *err)
{
	if (!attempt->may_confine)
		return 0;
	attempt->launcher = launcher_new(err);
	return attempt->launcher != NULL ? 0 : -1;
}

/* Registers what a confined process may start later. The environment has no
 * secret any more: credential_start removed it. */
static int
attempt_register_programs(struct attempt *attempt, struct error *err)
{
	attempt->params.launcher = attempt->launcher;
	if (attempt->launcher != NULL && attempt->fallback != NULL &&
	    attempt->fallback->starts_program &&
	    queue_program_register(attempt->launcher, err) == -1)
		return -1;
	if (attempt->launcher != NULL && attempt->params.command != NULL)
		command_program_register(&attempt->params);
	return attempt->credential != NULL
	    ? credential_prepare_renewal(attempt->credential, err)
	    : 0;
}

/* Before the first byte from a server. */
static void
attempt_confine(struct attempt *attempt)
{
	if (!attempt->may_confine || attempt->is_confined)
		return;
	attempt->is_confined = true;
	if (attempt->fallback != NULL)
		attempt->state_path = attempt->fallback->directory;
	confine(attempt->route->account, attempt->launcher, attempt->log_path,
	    attempt->state_path, &attempt->sandbox);
}

static void
attempt_narrow(void *context)
{
	struct attempt *attempt = context;

	if (!attempt->is_confined || attempt->is_narrowed)
		return;
	attempt->is_narrowed = true;
	confine_to_server(attempt->route->account, &attempt->sandbox);
}

static int
attempt_await_secret(void *context, const struct secret **ret_secret,
    struct error *err)
{
	struct attempt *attempt = context;
	const struct attempt_observer *observer = attempt->observer;
	int64_t started_ms = clock_now_ms();
	struct error warning;
	int result;

	if (attempt->secret != NULL) {
		*ret_secret = attempt->secret;
		attempt_look_at(attempt, *ret_secret);
		return 0;
	}
	result = credential_await(attempt->credential, ret_secret, err);
	attempt_extend_patience(attempt, clock_now_ms() - started_ms);
	smtp_record_end(&attempt->record, SMTP_PHASE_CREDENTIAL);
	if (result == -1)
		return -1;
	attempt_look_at(attempt, *ret_secret);
	if (observer->on_warning != NULL &&
	    credential_take_warning(attempt->credential, &warning))
		observer->on_warning(observer->context, &warning);
	if (observer->on_credential != NULL)
		observer->on_credential(observer->context);
	return 0;
}

/* A person may have been asked, which the server waits for, too. */
static void
attempt_extend_patience(struct attempt *attempt, int64_t spent_ms)
{
	if (attempt->patience_end_ms == 0)
		return;
	attempt->patience_end_ms += spent_ms;
	attempt->params.deadline_ms += spent_ms;
}

static void
attempt_look_at(struct attempt *attempt, const struct secret *secret)
{
	const struct account *account = attempt->route->account;
	char text[SECRET_SHAPE_TEXT_SIZE];

	attempt->shape = secret_shape_of(account, secret);
	secret_shape_describe(attempt->shape, account, text);
	if (*text != '\0')
		transcript_note(&attempt->observer->transcript, "%s", text);
}

/*
 * POP before SMTP: the server accepts mail from an address that has just signed
 * in by POP3. Done once, because that lasts for minutes and a POP3 server may
 * demand a pause before the next sign-in (RFC 2449 8.1.1).
 */
static int
attempt_pop(struct attempt *attempt, struct error *err)
{
	const struct account *account = attempt->route->account;
	const struct attempt_observer *observer = attempt->observer;
	struct credential_request request =
	    params_for_credential(attempt->route);
	const struct secret *secret;
	int result;

	if (attempt->is_admitted || !account_signs_in_by_pop(account))
		return 0;
	if (attempt_await_secret(attempt, &secret, err) == -1)
		return -1;
	transcript_note(&observer->transcript,
	    "signing in by POP3 at %s port %u first",
	    account->text[SETTING_POP_HOST],
	    account_number(account, SETTING_POP_PORT));
	request.final_deadline_ms = attempt->params.deadline_ms;
	request.deadline_ms = clock_earlier_ms(request.final_deadline_ms,
	    clock_now_ms() + account_duration_ms(account, SETTING_TIMEOUT) +
		POP_START_MS);
	result = keeper_pop(&request, secret, err);
	smtp_record_end(&attempt->record, SMTP_PHASE_POP);
	if (result == -1)
		return -1;
	attempt->is_admitted = true;
	if (observer->on_pop != NULL)
		observer->on_pop(observer->context);
	return 0;
}

/* A token may have been revoked before it expired. If no other can be had, the
 * refusal stands. */
static bool
attempt_renew(struct attempt *attempt, const struct error *refusal)
{
	const struct attempt_observer *observer = attempt->observer;
	struct error err;

	if (refusal->code != ERROR_AUTH || refusal->reply_code == 0 ||
	    attempt->credential == NULL ||
	    !credential_may_renew(attempt->credential))
		return false;
	transcript_note(&observer->transcript,
	    "the server refused the token; renewing it once");
	if (credential_renew(attempt->credential, &err) == -1) {
		transcript_note(&observer->transcript,
		    "the token cannot be renewed: %s", err.message);
		return false;
	}
	if (observer->on_renewal != NULL)
		observer->on_renewal(observer->context, refusal);
	return true;
}
