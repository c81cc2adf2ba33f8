/* SPDX-License-Identifier: MIT */
/*
 * Prints the test of an account as text: a line for each step, with its time,
 * as soon as it is done.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/socket-path.h"
#include "base/text.h"
#include "cli/check-certificate.h"
#include "cli/check-line.h"
#include "cli/check.h"
#include "report/terminal-style.h"
#include "report/time.h"

enum {
	WORDS_SIZE = 1024
};

static void check_text_account(struct check *check);
static void check_text_step(struct check *check, const struct smtp_step *step,
    int64_t ms);
static void check_text_credential(struct check *check, int64_t ms);
static void check_text_pop(struct check *check, int64_t ms);
static void check_text_renewal(struct check *check, const struct error *refusal,
    int64_t ms);
static void check_text_network(struct check *check);
static void check_text_failure(const struct check *check,
    const struct error *err);
static void check_text_advice(const struct check_advice *advice);
static void check_text_end(struct check *check, const struct error *err);
static void text_of_name(const struct smtp_step *step, int64_t ms);
static void text_of_connection(const struct smtp_step *step, int64_t ms);
static void text_of_greeting(const struct smtp_step *step, int64_t ms);
static void text_of_tls(const struct smtp_step *step, int64_t ms);
static void text_of_certificate(const struct smtp_step *step, int64_t ms);
static void text_of_server(const struct smtp_step *step, int64_t ms);
static void text_of_mechanism(const struct smtp_step *step, int64_t ms);
static void text_of_fallback(const struct smtp_step *step, int64_t ms);
static void text_of_sender(const struct smtp_step *step, int64_t ms);
static void text_of_recipient(const struct smtp_step *step, int64_t ms);
static void text_of_sign_in(const struct smtp_step *step, int64_t ms);

const struct check_view check_text = {
    .account = check_text_account,
    .step = check_text_step,
    .credential = check_text_credential,
    .pop = check_text_pop,
    .renewal = check_text_renewal,
    .network = check_text_network,
    .end = check_text_end,
};

static void (*const steps[SMTP_STEP_COUNT])(const struct smtp_step *step,
    int64_t ms) = {
    [SMTP_STEP_NAME] = text_of_name,
    [SMTP_STEP_CONNECTION] = text_of_connection,
    [SMTP_STEP_GREETING] = text_of_greeting,
    [SMTP_STEP_TLS] = text_of_tls,
    [SMTP_STEP_CERTIFICATE] = text_of_certificate,
    [SMTP_STEP_SERVER] = text_of_server,
    [SMTP_STEP_MECHANISM] = text_of_mechanism,
    [SMTP_STEP_FALLBACK] = text_of_fallback,
    [SMTP_STEP_SIGN_IN] = text_of_sign_in,
    [SMTP_STEP_SENDER] = text_of_sender,
    [SMTP_STEP_RECIPIENT] = text_of_recipient,
};

static void
check_text_account(struct check *check)
{
	const struct account *account = check->route->account;
	const struct provider *provider = account_found_provider(account);
	const char *title = account_title(account);

	check_line(CHECK_PLAIN, "account", CHECK_NO_TIME, "%s (%s)%s%s",
	    title != NULL ? title : "no account of the configuration",
	    account->found_by, provider != NULL ? ", provider " : "",
	    provider != NULL ? provider->name : "");
}

static void
check_text_step(struct check *check, const struct smtp_step *step, int64_t ms)
{
	(void)check;
	steps[step->kind](step, ms);
}

static void
check_text_credential(struct check *check, int64_t ms)
{
	int64_t expires_at = credential_expires_at(check->attempt.credential);
	bool is_token = check->route->account->uses_oauth2;
	char left[TIME_LEFT_SIZE];

	time_left((time_t)expires_at, left);
	check_line(CHECK_OK, "credential", ms, "a %s from %s%s%s",
	    is_token ? "token" : "password", check->place.name,
	    expires_at != 0 ? ", valid for " : "", expires_at != 0 ? left : "");
}

static void
check_text_pop(struct check *check, int64_t ms)
{
	const struct account *account = check->route->account;

	check_line(CHECK_OK, "POP", ms, "signed in to %s port %u as %s",
	    account->text[SETTING_POP_HOST],
	    account_number(account, SETTING_POP_PORT),
	    account->text[SETTING_USER]);
}

static void
check_text_renewal(struct check *check, const struct error *refusal, int64_t ms)
{
	(void)check;
	check_line(CHECK_WARNING, "sign-in", ms, "refused: %s",
	    refusal->message);
	check_line(CHECK_PLAIN, "", CHECK_NO_TIME,
	    "trying once more with a new token");
}

static void
check_text_network(struct check *check)
{
	if (check->has_addresses)
		check_addresses_print(&check->addresses);
	if (check->has_dns)
		check_dns_print(&check->dns);
	if (check->has_ports)
		check_ports_print(&check->ports);
}

static void
check_text_end(struct check *check, const struct error *err)
{
	char sandbox[SANDBOX_TEXT_SIZE];

	if (err == NULL) {
		sandbox_describe(&check->attempt.sandbox, sandbox);
		check_line(CHECK_PLAIN, "sandbox", CHECK_NO_TIME, "%s",
		    sandbox);
		if (!check->is_signed_in)
			check_line(CHECK_PLAIN, "sign-in", CHECK_NO_TIME,
			    "none; the account has no user");
	}
	if (err != NULL)
		check_text_failure(check, err);
	check_text_advice(&check->advice);
	if (err != NULL)
		return;
	style_print(stdout, STYLE_SUCCESS, "everything works");
	printf(", after %" PRId64 " ms; no message was sent\n",
	    clock_now_ms() - check->report.started_ms);
}

/* The step that failed; why is said at the end. A refused certificate has its
 * line. */
static void
check_text_failure(const struct check *check, const struct error *err)
{
	static const struct {
		const char *step;
		const char *label;
	} labels[] = {{"pop", "POP"}, {"name", "name"},
	    {"connect", "connection"}, {"greeting", "greeting"},
	    {"ehlo", "server"}, {"starttls", "TLS"}, {"tls", "TLS"},
	    {"credential", "credential"}, {"auth", "sign-in"},
	    {"mail", "sender"}, {"rcpt", "recipient"}};

	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		if (err->step != NULL && !check->is_certificate_refused &&
		    strcmp(labels[i].step, err->step) == 0)
			check_line(CHECK_FAILED, labels[i].label, CHECK_NO_TIME,
			    "failed");
	}
}

static void
check_text_advice(const struct check_advice *advice)
{
	for (size_t i = 0; i < advice->count; i++) {
		const struct check_advice_item *item = &advice->item[i];

		check_line(item->is_warning ? CHECK_WARNING : CHECK_PLAIN,
		    item->is_warning ? "warning" : "note", CHECK_NO_TIME,
		    "%s%s", item->text, item->command[0] != '\0' ? ":" : "");
		if (item->command[0] != '\0')
			check_line_command(item->command);
	}
}

static void
text_of_name(const struct smtp_step *step, int64_t ms)
{
	char list[WORDS_SIZE] = "";
	size_t used = 0;

	for (size_t i = 0; i < step->address_count && used < sizeof list; i++)
		used += (size_t)snprintf(list + used, sizeof list - used,
		    "%s%s", i > 0 ? ", " : "", step->address[i]);
	if (text_equals(list, step->params->host))
		check_line(CHECK_OK, "name", ms, "%s, an address", list);
	else
		check_line(CHECK_OK, "name", ms, "%s is %s", step->params->host,
		    list);
}

static void
text_of_connection(const struct smtp_step *step, int64_t ms)
{
	if (socket_path(step->params->host) != NULL) {
		check_line(CHECK_OK, "connection", ms, "%s",
		    step->params->host);
		return;
	}
	check_line(CHECK_OK, "connection", ms, "%s port %u",
	    step->address_count > 0 ? step->address[0] : step->params->host,
	    (unsigned)step->params->port);
}

static void
text_of_greeting(const struct smtp_step *step, int64_t ms)
{
	check_line(CHECK_OK, "greeting", ms, "%s", step->greeting);
}

static void
text_of_tls(const struct smtp_step *step, int64_t ms)
{
	const struct tls_facts *tls = &step->tls;

	check_line(CHECK_OK, "TLS", ms, "%s, %s%s%s", tls->version, tls->group,
	    tls->group[0] != '\0' ? ", " : "", tls->cipher);
	check_certificate_print(tls, CHECK_OK, CHECK_NO_TIME);
}

static void
text_of_certificate(const struct smtp_step *step, int64_t ms)
{
	check_certificate_print(&step->tls, CHECK_FAILED, ms);
}

static void
text_of_server(const struct smtp_step *step, int64_t ms)
{
	const struct smtp_extensions *extensions = step->extensions;
	const struct check_extension *extension;
	char offers[WORDS_SIZE] = "";
	size_t used = 0;

	if (extensions->size_max > 0)
		used = (size_t)snprintf(offers, sizeof offers, " SIZE %.*f MB",
		    extensions->size_max < 1e7 ? 1 : 0,
		    (double)extensions->size_max / 1e6);
	for (extension = check_extensions; extension->name != NULL;
	     extension++) {
		if (!check_extension_is_there(extension, extensions))
			continue;
		used += (size_t)snprintf(offers + used, sizeof offers - used,
		    "%s %s", used > 0 ? "," : "", extension->name);
	}
	check_line(CHECK_OK, "server", ms, "offers%s",
	    used > 0 ? offers : " nothing");
	for (extension = check_extensions; extension->name != NULL;
	     extension++) {
		if (!check_extension_is_there(extension, extensions))
			check_line(CHECK_PLAIN, "", CHECK_NO_TIME, "no %s: %s",
			    extension->name, extension->without);
	}
}

/* Without a time: choosing takes none. */
static void
text_of_mechanism(const struct smtp_step *step, int64_t ms)
{
	struct check_mechanism mechanism[CHECK_MECHANISMS_MAX];
	size_t count = check_mechanisms(step, mechanism);
	const char *label = "mechanisms";
	int width = 0;

	(void)ms;
	for (size_t i = 0; i < count; i++) {
		if ((int)strlen(mechanism[i].name) > width)
			width = (int)strlen(mechanism[i].name);
	}
	for (size_t i = 0; i < count; i++) {
		check_line(CHECK_PLAIN, label, CHECK_NO_TIME, "%-*s  %s", width,
		    mechanism[i].name, mechanism[i].why);
		label = "";
	}
}

static void
text_of_fallback(const struct smtp_step *step, int64_t ms)
{
	check_line(CHECK_WARNING, "fallback", ms, "%s failed: %s",
	    step->failed->name, step->failure);
	check_line(CHECK_PLAIN, "", CHECK_NO_TIME, "trying %s next",
	    step->mechanism->name);
}

static void
text_of_sign_in(const struct smtp_step *step, int64_t ms)
{
	const struct smtp_params *params = step->params;

	check_line(CHECK_OK, "sign-in", ms,
	    "%s%s%s%s%s%sby %s, %u round trip%s",
	    params->user != NULL ? "as " : "",
	    params->user != NULL ? params->user : "",
	    params->user != NULL ? " " : "",
	    params->authzid != NULL ? "for " : "",
	    params->authzid != NULL ? params->authzid : "",
	    params->authzid != NULL ? " " : "", step->mechanism->name,
	    step->round_trips, step->round_trips == 1 ? "" : "s");
}

static void
text_of_sender(const struct smtp_step *step, int64_t ms)
{
	check_line(CHECK_OK, "sender", ms, "%s is accepted", step->mailbox);
}

static void
text_of_recipient(const struct smtp_step *step, int64_t ms)
{
	check_line(CHECK_OK, "recipient", ms, "%s is accepted", step->mailbox);
}
