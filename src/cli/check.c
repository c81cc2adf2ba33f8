/* SPDX-License-Identifier: MIT */
/*
 * Tests an account by one session without a message, and lets a view print it.
 * The steps are those of submit/attempt.c.
 */
#include "cli/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/check-mend.h"
#include "message/address.h"

enum {
	ADDRESSES_MS = 2500, /* more than check-scout.c takes for them */
	DNS_MS = 500,        /* after a session that was successful */
	DNS_FAILURE_MS = 2500,
	SENDERS_MAX = 8
};

static void check_init(struct check *check, const struct options *options,
    const struct route *route);
static int check_open_session(struct check *check, struct error *err);
static int check_probe(struct check *check, struct smtp_session *session,
    struct error *err);
static int check_probe_sender(struct check *check, struct smtp_session *session,
    const char *sender, const char *recipient, struct error *err);
static void check_look_around(struct check *check, struct error *err);
static bool check_may_be_the_port(const struct check *check,
    const struct error *err);
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
	if (account_uses_socket(route->account))
		check->scout.fd = -1;
	else
		check_scout_start(&check->scout, route);
	result = check_open_session(check, &err);
	check_look_around(check, result == -1 ? &err : NULL);
	check->view->network(check);
	check->view->end(check, result == -1 ? &err : NULL);
	attempt_done(&check->attempt);
	return result == -1 ? report_error(&err) : 0;
}

static void
check_init(struct check *check, const struct options *options,
    const struct route *route)
{
	*check = (struct check){.route = route,
	    .view = options->report.json ? &check_json : &check_text,
	    .recipient = options->check_recipient,
	    .json = {.out = stdout}};
	credential_place_find(&check->place, route->account,
	    credential_place_has_variable());
	report_init(&check->report, options->report);
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

/* Asks about each address that the account may send as; patterns are none. */
static int
check_probe(struct check *check, struct smtp_session *session,
    struct error *err)
{
	const struct account *account = check->route->account;
	const struct account_list *own = &account->list[SETTING_FROM];
	const char *recipient = check->recipient;
	const char *user = account_address(account);

	if (own->count == 0)
		return user == NULL
		    ? 0
		    : check_probe_sender(check, session, user, recipient, err);
	for (size_t i = 0; i < own->count && i < SENDERS_MAX; i++) {
		if (strchr(own->element[i], '*') != NULL)
			continue;
		if (check_probe_sender(check, session, own->element[i],
			recipient, err) == -1)
			return -1;
		recipient = NULL;
	}
	return 0;
}

/* recipient may be NULL. */
static int
check_probe_sender(struct check *check, struct smtp_session *session,
    const char *sender, const char *recipient, struct error *err)
{
	char *from = address_for_envelope(sender, err);
	char *to = NULL;
	int result = -1;

	if (from == NULL)
		return -1;
	if (recipient != NULL) {
		to = address_for_envelope(recipient, err);
		if (to == NULL)
			goto out;
	}
	check->attempt.sender = from;
	result = smtp_session_probe(session, from, to, err);
	if (result == -1)
		attempt_diagnose(&check->attempt, err);
	check->attempt.sender = NULL;
out:
	free(from);
	free(to);
	return result;
}

/* Takes what is known by now, and tries other ports if this one failed. */
static void
check_look_around(struct check *check, struct error *err)
{
	const struct account *account = check->route->account;
	struct check_scout *scout = &check->scout;

	check->has_addresses = check_scout_await_addresses(scout,
	    &check->addresses, clock_now_ms() + ADDRESSES_MS);
	check->has_dns = check_scout_await_dns(scout, &check->dns,
	    clock_now_ms() + (err == NULL ? DNS_MS : DNS_FAILURE_MS));
	if (!check->has_dns && !account_uses_socket(account))
		check_advice_add(&check->advice, false, NULL,
		    "the name servers in /etc/resolv.conf have not answered "
		    "yet, so DNS records were not checked");
	if (err != NULL && check_may_be_the_port(check, err))
		check->has_ports = check_scout_try_ports(scout,
		    check->has_connected && !check->has_greeted, &check->ports);
	check_scout_end(scout);
	if (check->has_addresses)
		check_addresses_advise(&check->advice, &check->addresses);
	if (check->has_dns)
		check_dns_advise(&check->advice, account, &check->dns,
		    check->is_name_found);
	if (check->has_ports)
		check_mend_failure(account, &check->ports, err);
	if (err == NULL)
		return;
	check_mend_host(check->route, err);
	check_mend_topic(account, err);
	check_mend_cause(account, check->certificate_subject, err);
}

/* Whether another port or mode can help: no server, or none that speaks like
 * this. */
static bool
check_may_be_the_port(const struct check *check, const struct error *err)
{
	static const char *const steps[] = {"connect", "greeting", "ehlo",
	    "starttls", "tls"};
	static const char *const causes[] = {"auth-not-offered", "relay-port"};

	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
		if (err->cause != NULL && strcmp(causes[i], err->cause) == 0)
			return true;
	}
	if (check->is_certificate_refused || err->step == NULL ||
	    err->reply_code != 0 || err->code == ERROR_SYSTEM)
		return false;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (strcmp(steps[i], err->step) == 0)
			return true;
	}
	return false;
}

static void
on_step(void *context, const struct smtp_step *step)
{
	struct check *check = context;
	int64_t ms = check_take_lap(check);

	if (check->is_renewed && step->kind < SMTP_STEP_FALLBACK)
		return;
	check->view->step(check, step, ms);
	if (step->kind == SMTP_STEP_NAME)
		check->is_name_found = true;
	if (step->kind == SMTP_STEP_CONNECTION) {
		check->has_connected = true;
		check_scout_note_connection(&check->scout);
	}
	if (step->kind == SMTP_STEP_GREETING)
		check->has_greeted = true;
	if (step->kind == SMTP_STEP_CERTIFICATE) {
		check->is_certificate_refused = true;
		snprintf(check->certificate_subject,
		    sizeof check->certificate_subject, "%s", step->tls.subject);
	}
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
