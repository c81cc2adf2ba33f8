/* SPDX-License-Identifier: MIT */
/*
 * Tests an account by one session without a message, and lets a view print it.
 * The steps are those of submit/attempt.c.
 */
#include "cli/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "message/address.h"

static void check_init(struct check *check, const struct options *options,
    const struct route *route);
static int check_open_session(struct check *check, struct error *err);
static int check_probe(struct check *check, struct smtp_session *session,
    struct error *err);
static int check_mailboxes(const struct check *check, char **ret_sender,
    char **ret_recipient, struct error *err);
static void on_step(void *context, const struct smtp_step *step);
static void on_credential(void *context);
static void on_warning(void *context, const struct error *warning);
static void on_pop(void *context);
static void on_renewal(void *context, const struct error *refusal);
static int64_t check_take_lap(struct check *check);

int
check_run(struct check *check, const struct options *options,
    const struct route *route)
{
	struct error err;
	int result;

	check_init(check, options, route);
	check->view->account(check);
	check_advise_before(&check->advice, route);
	result = check_open_session(check, &err);
	check->view->end(check, result == -1 ? &err : NULL);
	attempt_done(&check->attempt);
	return result == -1 ? report_error(&err) : 0;
}

static void
check_init(struct check *check, const struct options *options,
    const struct route *route)
{
	*check = (struct check){.route = route,
	    .view = options->json ? &check_json : &check_text,
	    .recipient = options->check_recipient,
	    .json = {.out = stdout}};
	credential_place_find(&check->place, route->account,
	    credential_place_has_variable());
	report_init(&check->report, options);
	check->lap_ms = check->report.started_ms;
	check->observer = (struct attempt_observer){.on_step = on_step,
	    .on_credential = on_credential,
	    .on_warning = on_warning,
	    .on_pop = on_pop,
	    .on_renewal = on_renewal,
	    .context = check,
	    .transcript = report_transcript(&check->report)};
	attempt_init(&check->attempt, route, &check->observer);
	check->attempt.may_confine = true;
}

static int
check_open_session(struct check *check, struct error *err)
{
	struct smtp_session *session;
	int result;

	if (attempt_start(&check->attempt, err) == -1)
		return -1;
	session = attempt_open(&check->attempt, err);
	if (session == NULL)
		return -1;
	result = check_probe(check, session, err);
	smtp_session_close(session);
	return result;
}

/* An account without an address has no sender to ask about. */
static int
check_probe(struct check *check, struct smtp_session *session,
    struct error *err)
{
	char *sender = NULL;
	char *recipient = NULL;
	int result = -1;

	if (check_mailboxes(check, &sender, &recipient, err) == -1)
		goto out;
	check->attempt.sender = sender;
	result = sender != NULL
	    ? smtp_session_probe(session, sender, recipient, err)
	    : 0;
	if (result == -1)
		attempt_diagnose(&check->attempt, err);
	check->attempt.sender = NULL;
out:
	free(sender);
	free(recipient);
	return result;
}

static int
check_mailboxes(const struct check *check, char **ret_sender,
    char **ret_recipient, struct error *err)
{
	const char *sender = account_address(check->route->account);
	const char *recipient = check->recipient;

	if (sender != NULL) {
		*ret_sender = address_for_envelope(sender, err);
		if (*ret_sender == NULL)
			return -1;
	}
	if (recipient != NULL) {
		*ret_recipient = address_for_envelope(recipient, err);
		if (*ret_recipient == NULL)
			return -1;
	}
	return 0;
}

static void
on_step(void *context, const struct smtp_step *step)
{
	struct check *check = context;
	int64_t ms = check_take_lap(check);

	if (check->is_renewed && step->kind < SMTP_STEP_FALLBACK)
		return;
	check->view->step(check, step, ms);
	if (step->kind == SMTP_STEP_SIGN_IN)
		check->is_signed_in = true;
	check_advise(&check->advice, check->route->account, step);
}

static void
on_credential(void *context)
{
	struct check *check = context;

	if (credential_is_from_prompt(check->attempt.credential))
		snprintf(check->place.name, sizeof check->place.name,
		    "the terminal");
	check->view->credential(check, check_take_lap(check));
}

static void
on_warning(void *context, const struct error *warning)
{
	const struct check *check = context;

	report_warning(&check->report, warning);
}

static void
on_pop(void *context)
{
	struct check *check = context;

	check->view->pop(check, check_take_lap(check));
	check->is_signed_in = true;
}

static void
on_renewal(void *context, const struct error *refusal)
{
	struct check *check = context;

	check->view->renewal(check, refusal, check_take_lap(check));
	check->is_renewed = true;
}

/* The time since the last lap; steps in parallel are charged to the one that
 * waits for them. */
static int64_t
check_take_lap(struct check *check)
{
	int64_t now_ms = clock_now_ms();
	int64_t ms = now_ms - check->lap_ms;

	check->lap_ms = now_ms;
	return ms;
}
