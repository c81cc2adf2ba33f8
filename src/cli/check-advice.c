/* SPDX-License-Identifier: MIT */
/*
 * Advice on a server, and why each mechanism is used or not. Prints nothing.
 */
#include "cli/check-advice.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "submit/preflight.h"
#include "cli/check-certificate.h"
#include "cli/check-mend.h"
#include "report/time.h"
#include "message/domain.h"
#include "smtp/auth.h"

enum {
	CERTIFICATE_DAYS = 14,
	SMALL_SIZE = 10000000 /* bytes; the usual limits are 20 MB and more */
};

static void advise_on_tls(struct check_advice *advice,
    const struct smtp_step *step);
static void advise_on_server(struct check_advice *advice,
    const struct account *account, const struct smtp_step *step);
static bool add_mechanism(const struct smtp_step *step, const char *name,
    size_t len, struct check_mechanism *out, size_t count);
static const char *mechanism_reason(const struct smtp_step *step,
    const char *name, bool is_chosen);
static const char *reason_for_choice(const struct smtp_params *params);

#define FLAG(field) offsetof(struct smtp_extensions, field)

const struct check_extension check_extensions[] = {
    {"PIPELINING", FLAG(pipelining), "each recipient takes a round trip"},
    {"CHUNKING", FLAG(chunking), "each message takes one more round trip"},
    {"8BITMIME", FLAG(eightbitmime), "8-bit text may be damaged"},
    {"SMTPUTF8", FLAG(smtputf8), "addresses must be ASCII"},
    {"DSN", FLAG(dsn), "delivery reports cannot be requested"},
    {"ENHANCEDSTATUSCODES", FLAG(enhanced), "refusals are less specific"},
    {NULL, 0, NULL},
};

void
check_advise(struct check_advice *advice, const struct account *account,
    const struct smtp_step *step)
{
	if (step->kind == SMTP_STEP_TLS)
		advise_on_tls(advice, step);
	if (step->kind == SMTP_STEP_SERVER)
		advise_on_server(advice, account, step);
}

void
check_advise_before(struct check_advice *advice, const struct route *route)
{
	struct preflight preflight;

	preflight_run(&preflight, route, NULL, NULL);
	for (size_t i = 0; i < preflight.count; i++) {
		const struct preflight_mend *mend = &preflight.mend[i];
		char command[CHECK_COMMAND_SIZE] = "";

		if (mend->name != NULL)
			check_mend_setting(route->account, mend->name,
			    mend->value, command);
		check_advice_add(advice, true, command, "%s",
		    preflight.finding[i]);
	}
}

void
check_advice_add(struct check_advice *advice, bool is_warning,
    const char *command, const char *format, ...)
{
	struct check_advice_item *item = &advice->item[advice->count];
	va_list args;

	if (advice->count == CHECK_ADVICE_MAX)
		return;
	va_start(args, format);
	text_vformat_printable(item->text, sizeof item->text, format, args);
	va_end(args);
	text_format_printable(item->command, sizeof item->command, "%s",
	    command != NULL ? command : "");
	item->is_warning = is_warning;
	advice->count++;
}

bool
check_extension_is_there(const struct check_extension *extension,
    const struct smtp_extensions *extensions)
{
	return *(const bool *)((const char *)extensions + extension->flag);
}

size_t
check_mechanisms(const struct smtp_step *step,
    struct check_mechanism out[CHECK_MECHANISMS_MAX])
{
	const struct smtp_params *params = step->params;
	const char *word = step->extensions->mechanisms;
	size_t count = 0;

	while (*(word += strspn(word, " ")) != '\0') {
		size_t len = strcspn(word, " ");

		if (add_mechanism(step, word, len, out, count))
			count++;
		word += len;
	}
	for (size_t i = 0; i < params->mechanism_count; i++) {
		const char *name = params->mechanism[i];

		if (add_mechanism(step, name, strlen(name), out, count))
			count++;
	}
	return count;
}

static void
advise_on_tls(struct check_advice *advice, const struct smtp_step *step)
{
	for (size_t i = 0; i < step->tls.chain_count; i++) {
		const struct tls_certificate *link = &step->tls.chain[i];
		char left[TIME_LEFT_SIZE];

		if (link->expires_at == 0 ||
		    check_certificate_days(link->expires_at) >=
			CERTIFICATE_DAYS)
			continue;
		time_left((time_t)link->expires_at, left);
		check_advice_add(advice, true, NULL,
		    "the certificate of %s expires in %s; ask the operator of "
		    "%s to renew it",
		    link->subject, left, step->params->host);
	}
	if (text_equals(step->tls.version, "1.2"))
		check_advice_add(advice, true, NULL,
		    "the server supports only TLS 1.2, which takes one more "
		    "round trip");
}

static void
advise_on_server(struct check_advice *advice, const struct account *account,
    const struct smtp_step *step)
{
	const struct smtp_extensions *extensions = step->extensions;
	const struct provider *provider = account->provider;
	const char *mail_domain = account_mail_domain(account);
	char command[CHECK_COMMAND_SIZE];
	static const struct {
		enum provider_field field;
		const char *prefix;
	} shown[] = {
	    {PROVIDER_SMTP_SWITCH, "SMTP may have to be switched on: "},
	    {PROVIDER_LIMITS, "limits: "},
	    {PROVIDER_NOTE, ""},
	};

	if (step->params->tls == SMTP_TLS_NONE &&
	    !account_uses_socket(account)) {
		check_mend_setting(account, "tls", "starttls", command);
		check_advice_add(advice, true, command,
		    "the connection is not encrypted");
	}
	if (extensions->size_max > 0 && extensions->size_max < SMALL_SIZE)
		check_advice_add(advice, true, NULL,
		    "the server refuses messages over %.1f MB",
		    (double)extensions->size_max / 1e6);
	if (domain_is_local(step->ehlo_name)) {
		check_mend_setting(account, "domain",
		    mail_domain != NULL ? mail_domain : "mail.example.org",
		    command);
		check_advice_add(advice, true, command,
		    "some servers refuse the name of this host, %s; set "
		    "domain to a name of yours",
		    step->ehlo_name);
	}
	for (size_t i = 0; provider != NULL && i < sizeof shown / sizeof *shown;
	     i++) {
		const char *text = provider->text[shown[i].field];

		if (text != NULL)
			check_advice_add(advice, false, NULL, "%s: %s%s",
			    provider->name, shown[i].prefix, text);
	}
}

/* Makes the name printable. Returns false if it is in the list already. */
static bool
add_mechanism(const struct smtp_step *step, const char *name, size_t len,
    struct check_mechanism *out, size_t count)
{
	struct check_mechanism *mechanism = &out[count];

	if (count == CHECK_MECHANISMS_MAX)
		return false;
	text_printable(mechanism->name, sizeof mechanism->name, name, len);
	for (char *c = mechanism->name; *c != '\0'; c++) {
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	}
	for (size_t i = 0; i < count; i++) {
		if (strcmp(out[i].name, mechanism->name) == 0)
			return false;
	}
	mechanism->is_offered =
	    smtp_extensions_offer(step->extensions, mechanism->name);
	mechanism->is_chosen = step->mechanism != NULL &&
	    text_equals(step->mechanism->name, mechanism->name);
	mechanism->why =
	    mechanism_reason(step, mechanism->name, mechanism->is_chosen);
	return true;
}

static const char *
mechanism_reason(const struct smtp_step *step, const char *name, bool is_chosen)
{
	const struct sasl_mechanism *mechanism = sasl_find(name);
	const char *objection;

	if (is_chosen)
		return reason_for_choice(step->params);
	if (mechanism == NULL)
		return "unknown to postrider";
	objection = auth_objection(step->params, step->extensions, mechanism);
	return objection != NULL ? objection : "could be used, too";
}

static const char *
reason_for_choice(const struct smtp_params *params)
{
	if (params->command != NULL)
		return "used: implemented by the program";
	if (params->mechanism_count == 1)
		return "used: the only one in auth";
	if (params->mechanism_count > 1)
		return "used: the first one in auth";
	if (params->secure_mechanisms)
		return "used: the strongest that does not reveal the password";
	if (params->simple_mechanisms)
		return "used: the simplest";
	return "used: the strongest";
}
