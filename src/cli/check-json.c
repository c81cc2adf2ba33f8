/* SPDX-License-Identifier: MIT */
/*
 * Prints the test of an account as one JSON object.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/check-certificate.h"
#include "cli/check.h"
#include "report/report-json.h"
#include "report/time.h"

static void check_json_account(struct check *check);
static void check_json_step(struct check *check, const struct smtp_step *step,
    int64_t ms);
static void check_json_credential(struct check *check, int64_t ms);
static void check_json_pop(struct check *check, int64_t ms);
static void check_json_renewal(struct check *check, const struct error *refusal,
    int64_t ms);
static void check_json_network(struct check *check);
static void check_json_end(struct check *check, const struct error *err);
static void check_json_sandbox(struct json *json,
    const struct sandbox *sandbox);
static void check_json_open_step(struct json *json, const char *name,
    int64_t ms);
static void json_of_name(struct json *json, const struct smtp_step *step);
static void json_of_connection(struct json *json, const struct smtp_step *step);
static void json_of_greeting(struct json *json, const struct smtp_step *step);
static void json_of_tls(struct json *json, const struct smtp_step *step);
static void json_of_certificate(struct json *json,
    const struct smtp_step *step);
static void json_of_server(struct json *json, const struct smtp_step *step);
static void json_of_mechanism(struct json *json, const struct smtp_step *step);
static void json_of_fallback(struct json *json, const struct smtp_step *step);
static void json_of_sign_in(struct json *json, const struct smtp_step *step);
static void json_of_mailbox(struct json *json, const struct smtp_step *step);
static void check_json_add_moment(struct json *json, const char *name,
    int64_t moment);

const struct check_view check_json = {
    .account = check_json_account,
    .step = check_json_step,
    .credential = check_json_credential,
    .pop = check_json_pop,
    .renewal = check_json_renewal,
    .network = check_json_network,
    .end = check_json_end,
};

static const struct {
	const char *name;
	void (*add)(struct json *json, const struct smtp_step *step);
} steps[SMTP_STEP_COUNT] = {
    [SMTP_STEP_NAME] = {"name", json_of_name},
    [SMTP_STEP_CONNECTION] = {"connection", json_of_connection},
    [SMTP_STEP_GREETING] = {"greeting", json_of_greeting},
    [SMTP_STEP_TLS] = {"tls", json_of_tls},
    [SMTP_STEP_CERTIFICATE] = {"certificate", json_of_certificate},
    [SMTP_STEP_SERVER] = {"server", json_of_server},
    [SMTP_STEP_MECHANISM] = {"mechanisms", json_of_mechanism},
    [SMTP_STEP_FALLBACK] = {"fallback", json_of_fallback},
    [SMTP_STEP_SIGN_IN] = {"sign-in", json_of_sign_in},
    [SMTP_STEP_SENDER] = {"sender", json_of_mailbox},
    [SMTP_STEP_RECIPIENT] = {"recipient", json_of_mailbox},
};

static void
check_json_account(struct check *check)
{
	const struct account *account = check->route->account;
	struct json *json = &check->json;

	json_open(json, NULL, '{');
	json_text(json, "account", account->name);
	json_text(json, "found_by", account->found_by);
	json_text(json, "provider",
	    account->provider != NULL ? account->provider->name : NULL);
	json_bool(json, "provider_from_dns", account->provider_from_dns);
	json_text(json, "host", account->text[SETTING_HOST]);
	json_number(json, "port", account_number(account, SETTING_PORT));
	json_text(json, "user", account->text[SETTING_USER]);
	json_open(json, "steps", '[');
}

static void
check_json_step(struct check *check, const struct smtp_step *step, int64_t ms)
{
	check_json_open_step(&check->json, steps[step->kind].name, ms);
	steps[step->kind].add(&check->json, step);
	json_close(&check->json, '}');
}

static void
check_json_credential(struct check *check, int64_t ms)
{
	struct json *json = &check->json;

	check_json_open_step(json, "credential", ms);
	json_text(json, "kind",
	    check->route->account->uses_oauth2 ? "token" : "password");
	json_text(json, "source", check->place.name);
	check_json_add_moment(json, "expires_at",
	    credential_expires_at(check->attempt.credential));
	json_close(json, '}');
}

static void
check_json_pop(struct check *check, int64_t ms)
{
	const struct account *account = check->route->account;

	check_json_open_step(&check->json, "pop", ms);
	json_text(&check->json, "host", account->text[SETTING_POP_HOST]);
	json_number(&check->json, "port",
	    account_number(account, SETTING_POP_PORT));
	json_text(&check->json, "user", account->text[SETTING_USER]);
	json_close(&check->json, '}');
}

static void
check_json_renewal(struct check *check, const struct error *refusal, int64_t ms)
{
	check_json_open_step(&check->json, "renewal", ms);
	json_text(&check->json, "reason", refusal->message);
	json_close(&check->json, '}');
}

static void
check_json_network(struct check *check)
{
	if (check->has_addresses)
		check_addresses_add_json(&check->json, &check->addresses);
	if (check->has_dns)
		check_dns_add_json(&check->json, &check->dns);
	if (check->has_ports)
		check_ports_add_json(&check->json, &check->ports);
}

static void
check_json_end(struct check *check, const struct error *err)
{
	struct json *json = &check->json;

	json_close(json, ']');
	json_open(json, "advice", '[');
	for (size_t i = 0; i < check->advice.count; i++) {
		const struct check_advice_item *item = &check->advice.item[i];

		json_open(json, NULL, '{');
		json_text(json, "kind", item->is_warning ? "warning" : "note");
		json_text(json, "text", item->text);
		json_text(json, "command",
		    item->command[0] != '\0' ? item->command : NULL);
		json_close(json, '}');
	}
	json_close(json, ']');
	check_json_sandbox(json, &check->attempt.sandbox);
	json_number(json, "ms", clock_now_ms() - check->report.started_ms);
	json_text(json, "status", err == NULL ? "works" : "failed");
	json_number(json, "exit_status",
	    err == NULL ? 0 : error_exit_status(err->code));
	if (err != NULL)
		report_json_add_error(json, err);
	json_close(json, '}');
	json_end(json);
}

static void
check_json_sandbox(struct json *json, const struct sandbox *sandbox)
{
	json_open(json, "sandbox", '{');
	json_number(json, "landlock", sandbox->landlock);
	json_bool(json, "seccomp", sandbox->has_filter);
	json_text(json, "obstacle", sandbox->obstacle);
	json_close(json, '}');
}

static void
check_json_open_step(struct json *json, const char *name, int64_t ms)
{
	json_open(json, NULL, '{');
	json_text(json, "step", name);
	json_number(json, "ms", ms);
}

static void
json_of_name(struct json *json, const struct smtp_step *step)
{
	json_text(json, "host", step->params->host);
	json_open(json, "addresses", '[');
	for (size_t i = 0; i < step->address_count; i++)
		json_text(json, NULL, step->address[i]);
	json_close(json, ']');
}

static void
json_of_connection(struct json *json, const struct smtp_step *step)
{
	json_text(json, "address",
	    step->address_count > 0 ? step->address[0] : NULL);
	json_number(json, "port", step->params->port);
}

static void
json_of_greeting(struct json *json, const struct smtp_step *step)
{
	json_text(json, "text", step->greeting);
}

static void
json_of_tls(struct json *json, const struct smtp_step *step)
{
	const struct tls_facts *tls = &step->tls;

	json_text(json, "version", tls->version);
	json_text(json, "group", tls->group[0] != '\0' ? tls->group : NULL);
	json_text(json, "cipher", tls->cipher);
	json_open(json, "certificate", '{');
	json_text(json, "subject", tls->subject);
	json_text(json, "issuer", tls->issuer);
	check_json_add_moment(json, "expires_at", tls->expires_at);
	json_text(json, "sha256", tls->sha256);
	json_close(json, '}');
	check_certificate_add_json(json, tls);
}

static void
json_of_certificate(struct json *json, const struct smtp_step *step)
{
	check_certificate_add_json(json, &step->tls);
}

static void
json_of_server(struct json *json, const struct smtp_step *step)
{
	const struct check_extension *extension;

	json_text(json, "ehlo_name", step->ehlo_name);
	json_open(json, "offers", '[');
	for (extension = check_extensions; extension->name != NULL;
	     extension++) {
		if (check_extension_is_there(extension, step->extensions))
			json_text(json, NULL, extension->name);
	}
	json_close(json, ']');
	if (step->extensions->size_max > 0)
		json_number(json, "size_limit",
		    (long long)step->extensions->size_max);
	json_open(json, "lacks", '[');
	for (extension = check_extensions; extension->name != NULL;
	     extension++) {
		if (check_extension_is_there(extension, step->extensions))
			continue;
		json_open(json, NULL, '{');
		json_text(json, "name", extension->name);
		json_text(json, "so", extension->without);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void
json_of_mechanism(struct json *json, const struct smtp_step *step)
{
	struct check_mechanism mechanism[CHECK_MECHANISMS_MAX];
	size_t count = check_mechanisms(step, mechanism);

	json_text(json, "chosen",
	    step->mechanism != NULL ? step->mechanism->name : NULL);
	json_open(json, "mechanisms", '[');
	for (size_t i = 0; i < count; i++) {
		json_open(json, NULL, '{');
		json_text(json, "name", mechanism[i].name);
		json_bool(json, "offered", mechanism[i].is_offered);
		json_text(json, "why", mechanism[i].why);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void
json_of_fallback(struct json *json, const struct smtp_step *step)
{
	json_text(json, "failed", step->failed->name);
	json_text(json, "why", step->failure);
	json_text(json, "next", step->mechanism->name);
}

static void
json_of_sign_in(struct json *json, const struct smtp_step *step)
{
	json_text(json, "user", step->params->user);
	json_text(json, "authzid", step->params->authzid);
	json_text(json, "mechanism", step->mechanism->name);
	json_number(json, "round_trips", step->round_trips);
}

static void
json_of_mailbox(struct json *json, const struct smtp_step *step)
{
	json_text(json, "address", step->mailbox);
}

static void
check_json_add_moment(struct json *json, const char *name, int64_t moment)
{
	char text[TIME_UTC_SIZE];

	time_utc((time_t)moment, text);
	json_text(json, name, moment != 0 ? text : NULL);
}
