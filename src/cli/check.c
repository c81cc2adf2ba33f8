/* SPDX-License-Identifier: MIT */
/*
 * One session, watched. Goes the way of a submission (deliver.c), but there is
 * one try only, and no transaction.
 */
#include "cli/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/diagnose.h"
#include "cli/params.h"
#include "cli/pop-first.h"
#include "smtp/session.h"

static void set_up(struct check *check, const struct options *options,
    const struct verb_account *about);
static void find_source(struct check *check);
static void put_source(struct check *check, const char *source);
static int try_session(struct check *check, struct error *err);
static bool renew_token(struct check *check, const struct error *refusal);
static void on_step(void *context, const struct smtp_step *step);
static int ask_admission(struct check *check, struct error *err);
static int await_secret(void *context, const struct secret **ret_secret,
    struct error *err);
static int64_t lap(struct check *check);

int
check_run(struct check *check, const struct options *options,
    const struct verb_account *about)
{
	const struct account *account = about->account;
	struct credential_request request =
	    params_for_credential(account, &about->selection);
	struct error err;
	int result = -1;

	set_up(check, options, about);
	check->view->account(check);
	find_source(check);
	if (params_need_secret(account))
		check->credential = credential_start(&request, &err);
	if (!params_need_secret(account) || check->credential != NULL)
		result = try_session(check, &err);
	if (result == -1)
		diagnose(&err, about->config, account);
	check->view->end(check, result == -1 ? &err : NULL);
	credential_free(check->credential);
	return result == -1 ? report_error(&err) : 0;
}

static void
set_up(struct check *check, const struct options *options,
    const struct verb_account *about)
{
	const struct account *account = about->account;

	*check = (struct check){.about = about,
	    .view = options->json ? &check_json : &check_text,
	    .json = {.out = stdout}};
	report_init(&check->report, options);
	check->told_ms = check->report.started_ms;
	check->params = params_for_session(account,
	    clock_now_ms() + account_duration_ms(account, SETTING_DEADLINE));
	check->params.await_secret = await_secret;
	check->params.secret_context = check;
	check->params.transcript = report_transcript(&check->report);
	check->params.on_step = on_step;
	check->params.step_context = check;
}

/* A command may hold what is nobody's business: only its kind is named. */
static void
find_source(struct check *check)
{
	const struct account *account = check->about->account;
	const char *source = account->text[SETTING_CREDENTIAL];
	const char *variable = getenv("POSTRIDER_PASSWORD");

	if (source == NULL && variable != NULL && *variable != '\0')
		source = "env:POSTRIDER_PASSWORD";
	if (source == NULL || text_equals(source, "keyring"))
		source = account->text[SETTING_CREDENTIAL_FOLDER] != NULL
		    ? account->text[SETTING_CREDENTIAL_FOLDER]
		    : "the keyring";
	if (account->text[SETTING_CREDENTIAL] == NULL &&
	    account->text[SETTING_CREDENTIAL_HELPER] != NULL &&
	    !account->uses_oauth2)
		source = "the credential helper";
	put_source(check, source);
}

static void
put_source(struct check *check, const char *source)
{
	static const struct {
		const char *prefix;
		const char *words;
		bool is_followed; /* by what stands behind the prefix */
	} kinds[] = {
	    {"env:", "the variable ", true},
	    {"file:", "the file ", true},
	    {"systemd:", "systemd, ", true},
	    {"command:", "a command", false},
	    {"", "", true},
	};
	size_t i = 0;

	while (!text_has_prefix(source, kinds[i].prefix))
		i++;
	text_format_printable(check->source, sizeof check->source, "%s%s",
	    kinds[i].words,
	    kinds[i].is_followed ? source + strlen(kinds[i].prefix) : "");
}

/* A token that was refused is renewed once, as for a submission. */
static int
try_session(struct check *check, struct error *err)
{
	struct smtp_session *session;

	if (account_signs_in_by_pop(check->about->account) &&
	    ask_admission(check, err) == -1)
		return -1;
	session = smtp_session_open(&check->params, err);
	if (session == NULL && renew_token(check, err))
		session = smtp_session_open(&check->params, err);
	if (session == NULL)
		return -1;
	smtp_session_close(session);
	return 0;
}

static int
ask_admission(struct check *check, struct error *err)
{
	const struct verb_account *about = check->about;
	const struct secret *secret;

	if (await_secret(check, &secret, err) == -1 ||
	    pop_first(about->account, &about->selection, secret,
		&check->params.transcript, err) == -1)
		return -1;
	check->view->pop(check, lap(check));
	check->is_signed_in = true;
	return 0;
}

static bool
renew_token(struct check *check, const struct error *refusal)
{
	struct error ignored;

	if (refusal->code != ERROR_AUTH || refusal->reply_code == 0 ||
	    check->credential == NULL ||
	    !credential_may_renew(check->credential) ||
	    credential_renew(check->credential, &ignored) == -1)
		return false;
	check->view->renewal(check, refusal, lap(check));
	check->is_again = true;
	return true;
}

static void
on_step(void *context, const struct smtp_step *step)
{
	struct check *check = context;
	int64_t ms = lap(check);

	if (check->is_again && step->kind < SMTP_STEP_FALLBACK)
		return;
	check->view->step(check, step, ms);
	if (step->kind == SMTP_STEP_SIGN_IN)
		check->is_signed_in = true;
	check_advise(&check->advice, check->about->account, step);
}

static int
await_secret(void *context, const struct secret **ret_secret, struct error *err)
{
	struct check *check = context;

	lap(check);
	if (credential_await(check->credential, ret_secret, err) == -1)
		return -1;
	if (credential_was_typed(check->credential))
		put_source(check, "the terminal");
	check->view->credential(check, lap(check));
	return 0;
}

/* The time since this was asked before. */
static int64_t
lap(struct check *check)
{
	int64_t now_ms = clock_now_ms();
	int64_t ms = now_ms - check->told_ms;

	check->told_ms = now_ms;
	return ms;
}
