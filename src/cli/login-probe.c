/* SPDX-License-Identifier: MIT */
/*
 * Finds out what would make a login fail before the user enters a secret or
 * opens a browser: connects, sets up TLS and chooses a mechanism, and tries
 * whether the credential can be stored.
 */
#include "cli/login.h"

#include "cli/login-place.h"
#include "cli/report.h"
#include "smtp/sasl.h"
#include "submit/attempt.h"

enum {
	REPLY_OK = 250
};

/* What a session reached. */
struct login_probe {
	bool needs_secret;                      /* to go on */
	const struct sasl_mechanism *signed_in; /* without one; or NULL */
};

static int login_probe_server(struct login *login, struct error *err);
static int login_probe_await(void *context, const struct secret **ret_secret,
    struct error *err);
static void login_probe_on_step(void *context, const struct smtp_step *step);

int
login_probe(struct login *login, struct error *err)
{
	if (login_probe_server(login, err) == -1 ||
	    (login->is_new && login_check_config(login, err) == -1))
		return -1;
	return login->needs_no_secret ? 0 : login_ensure_place(login, err);
}

/* A session that needs the secret has got as far as one without it can. POP
 * before SMTP needs it earlier: then there is no AUTH to wait for. */
static int
login_probe_server(struct login *login, struct error *err)
{
	struct report report;
	struct login_probe probe = {.needs_secret = false};
	struct attempt_observer observer = {.on_step = login_probe_on_step,
	    .context = &probe};
	struct attempt attempt;
	struct smtp_session *session;

	report_init(&report, login->options);
	observer.transcript = report_transcript(&report);
	attempt_init(&attempt, &login->route, &observer);
	attempt.params.await_secret = login_probe_await;
	attempt.params.secret_context = &probe;
	attempt.is_admitted = true;
	session = attempt_open(&attempt, err);
	smtp_session_close(session);
	attempt_done(&attempt);
	if (session == NULL)
		return probe.needs_secret ? 0 : -1;
	login->needs_no_secret = probe.signed_in != NULL;
	if (login->needs_no_secret)
		login_say(login, "signed in to %s by %s, without a password",
		    login->route.account->text[SETTING_HOST],
		    probe.signed_in->name);
	return 0;
}

/* Ends the session; with a reply code, it ends by QUIT. */
static int
login_probe_await(void *context, const struct secret **ret_secret,
    struct error *err)
{
	struct login_probe *probe = context;

	(void)ret_secret;
	probe->needs_secret = true;
	error_set(err, ERROR_TEMPORARY, "the server is ready for a sign-in");
	err->reply_code = REPLY_OK;
	return -1;
}

static void
login_probe_on_step(void *context, const struct smtp_step *step)
{
	struct login_probe *probe = context;

	if (step->kind == SMTP_STEP_SIGN_IN)
		probe->signed_in = step->mechanism;
}
