/* SPDX-License-Identifier: MIT */
/*
 * Opens the session of a login in a process of its own, and closes it.
 */
#include "cli/login-session.h"

#include <stdio.h>
#include <string.h>

#include "base/cause.h"
#include "base/clock.h"
#include "base/fork-call.h"
#include "base/text.h"
#include "report/report.h"
#include "smtp/sasl.h"
#include "submit/attempt.h"

enum {
	GRACE_MS = 5000 /* for the end of the session, after the deadline */
};

/* A session in its process. */
struct login_session {
	const struct login *login;
	const struct secret *secret;            /* or NULL */
	const struct sasl_mechanism *signed_in; /* or NULL */
};

static int login_session_open(void *context, void *result, struct error *err);
static void login_session_on_step(void *context, const struct smtp_step *step);

int
login_session_run(const struct login *login, const struct secret *secret,
    struct login_session_result *ret_result, struct error *err)
{
	struct login_session session = {.login = login, .secret = secret};
	struct login_session_result got = {.cause = ""};
	int64_t deadline_ms = clock_now_ms() + GRACE_MS +
	    account_duration_ms(login->route.account, SETTING_DEADLINE);

	const struct cause *cause;
	int result = fork_call(login_session_open, &session, &got, sizeof got,
	    deadline_ms, err);

	cause = cause_find(got.cause, strnlen(got.cause, sizeof got.cause));
	if (result == -1 && cause != NULL)
		err->cause = cause->name;
	text_printable(ret_result->mechanism, sizeof ret_result->mechanism,
	    got.mechanism, strnlen(got.mechanism, sizeof got.mechanism));
	return result;
}

/* Without the secret, the session opens as far as it can. POP before SMTP needs
 * the secret earlier: it is left out. */
static int
login_session_open(void *context, void *result, struct error *err)
{
	struct login_session *self = context;
	struct login_session_result *reached = result;
	const struct login *login = self->login;
	struct report report;
	struct attempt_observer observer = {.on_step = login_session_on_step,
	    .context = self};
	struct attempt attempt;
	struct smtp_session *session = NULL;

	report_init(&report, login->options->report);
	observer.transcript = report_transcript(&report);
	attempt_init(&attempt, &login->route, &observer);
	attempt.may_confine = true;
	attempt.secret = self->secret;
	attempt.is_admitted = self->secret == NULL;
	if (attempt_start_without_credential(&attempt, err) == 0)
		session = attempt_open(&attempt, err);
	smtp_session_close(session);
	attempt_done(&attempt);
	if (session == NULL && err->cause != NULL)
		snprintf(reached->cause, sizeof reached->cause, "%s",
		    err->cause);
	if (session == NULL)
		return -1;
	if (self->secret == NULL && self->signed_in != NULL)
		snprintf(reached->mechanism, sizeof reached->mechanism, "%s",
		    self->signed_in->name);
	return 0;
}

static void
login_session_on_step(void *context, const struct smtp_step *step)
{
	struct login_session *session = context;

	if (step->kind == SMTP_STEP_SIGN_IN)
		session->signed_in = step->mechanism;
}
