/* SPDX-License-Identifier: MIT */
/*
 * Collects what is known about a failure and checks the conditions of rules
 * against it.
 */
#include "submit/evidence.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "config/registry.h"
#include "submit/words.h"

/* Whether an element of a list, len bytes at element, describes the failure. */
typedef bool evidence_condition(const struct evidence *evidence,
    const char *element, size_t len);

static const struct provider *evidence_find_provider(const struct route *route);
static bool evidence_is_at_port(const struct provider *provider,
    const struct account *account);
static void evidence_drop_preambles(struct evidence *evidence);
static void evidence_find_enhanced(struct evidence *evidence);
static evidence_condition evidence_is_at, evidence_has_code,
    evidence_has_enhanced, evidence_has_errno, evidence_has_provider,
    evidence_signs_in, evidence_has_grant, evidence_takes,
    evidence_has_mechanism, evidence_has_address, evidence_has_port,
    evidence_has_tls;
static bool evidence_lists(const struct evidence *evidence,
    evidence_condition *condition, const struct rule_value *list);

static evidence_condition *const conditions[RULE_KEY_COUNT] = {
    [RULE_AT] = evidence_is_at,
    [RULE_CODE] = evidence_has_code,
    [RULE_ENHANCED] = evidence_has_enhanced,
    [RULE_ERRNO] = evidence_has_errno,
    [RULE_PROVIDER] = evidence_has_provider,
    [RULE_SIGN_IN] = evidence_signs_in,
    [RULE_GRANT] = evidence_has_grant,
    [RULE_TAKES] = evidence_takes,
    [RULE_MECHANISM] = evidence_has_mechanism,
    [RULE_ADDRESS] = evidence_has_address,
    [RULE_PORT] = evidence_has_port,
    [RULE_TLS] = evidence_has_tls,
};

static const struct {
	const char *name;
	int number;
} errnos[] = {
    {"EACCES", EACCES},
    {"EADDRNOTAVAIL", EADDRNOTAVAIL},
    {"ECONNREFUSED", ECONNREFUSED},
    {"ECONNRESET", ECONNRESET},
    {"EHOSTUNREACH", EHOSTUNREACH},
    {"ENETDOWN", ENETDOWN},
    {"ENETUNREACH", ENETUNREACH},
    {"EPERM", EPERM},
    {"EPIPE", EPIPE},
    {"ETIMEDOUT", ETIMEDOUT},
};

void
evidence_init(struct evidence *evidence, const struct error *err,
    const struct route *route, const char *sender)
{
	evidence->error = err;
	evidence->sender = sender;
	evidence->account = route->account;
	evidence->provider = evidence_find_provider(route);
	folded_text_init(&evidence->text, err->message + err->reply_offset);
	evidence_drop_preambles(evidence);
	evidence_find_enhanced(evidence);
	vocabulary_init(&evidence->vocabulary, words_text, &evidence->text);
}

bool
evidence_fits(const struct evidence *evidence, const struct rule *rule)
{
	const struct rule_value *says = &rule->value[RULE_SAYS];

	for (enum rule_key key = 0; key < RULE_KEY_COUNT; key++) {
		if (conditions[key] != NULL && rule->value[key].text != NULL &&
		    !evidence_lists(evidence, conditions[key],
			&rule->value[key]))
			return false;
	}
	return says->text == NULL ||
	    vocabulary_has(&evidence->vocabulary, says->text, says->len);
}

bool
evidence_knows_errno(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof errnos / sizeof *errnos; i++) {
		if (text_is(name, len, errnos[i].name))
			return true;
	}
	return false;
}

static const struct provider *
evidence_find_provider(const struct route *route)
{
	const struct account *account = route->account;
	const struct provider *provider;
	struct config *config = route->config;
	struct error ignored;

	if (account->provider != NULL)
		return account->provider;
	if (account->text[SETTING_HOST] == NULL ||
	    registry_load_for(config, REGISTRY_HOST,
		account->text[SETTING_HOST], &ignored) == -1)
		return NULL;
	provider = config_provider_of_host(config, account->text[SETTING_HOST]);
	return provider != NULL && evidence_is_at_port(provider, account)
	    ? provider
	    : NULL;
}

/* Programs on this computer share a host; their ports tell them apart. */
static bool
evidence_is_at_port(const struct provider *provider,
    const struct account *account)
{
	const char *host = provider->settings.text[SETTING_HOST];
	const char *port = provider->settings.text[SETTING_PORT];

	return host == NULL || port == NULL || strcmp(host, "127.0.0.1") != 0 ||
	    strtoul(port, NULL, 10) == account_number(account, SETTING_PORT);
}

/* Removes the texts of RFC 5321 and of Postfix that precede every reason, even
 * one that is about something else. */
static void
evidence_drop_preambles(struct evidence *evidence)
{
	static const char *const preambles[] = {
	    " recipient address rejected ",
	    " requested action not taken mailbox unavailable ",
	    " requested mail action not taken mailbox unavailable ",
	    " requested action not taken mailbox name not allowed ",
	    " requested action aborted local error in processing ",
	    " requested mail action aborted exceeded storage allocation ",
	};

	for (size_t i = 0; i < sizeof preambles / sizeof *preambles; i++) {
		char *found = strstr(evidence->text.folded, preambles[i]);
		const char *reason =
		    found != NULL ? found + strlen(preambles[i]) - 1 : NULL;

		if (reason != NULL && reason[1] != '\0')
			memmove(found, reason, strlen(reason) + 1);
	}
}

/* The one of the reply; else one that its text contains, as in "(#5.7.1)". */
static void
evidence_find_enhanced(struct evidence *evidence)
{
	const struct error *err = evidence->error;
	const char *text = err->message + err->reply_offset;
	const char *mark = strstr(text, "#4.");
	size_t len;

	memcpy(evidence->enhanced, err->enhanced_code,
	    sizeof evidence->enhanced);
	if (mark == NULL)
		mark = strstr(text, "#5.");
	if (mark == NULL || evidence->enhanced[0] != '\0')
		return;
	len = strspn(mark + 1, "0123456789.");
	if (len < sizeof evidence->enhanced)
		snprintf(evidence->enhanced, sizeof evidence->enhanced, "%.*s",
		    (int)len, mark + 1);
}

/* The elements of a list are separated by commas. */
static bool
evidence_lists(const struct evidence *evidence, evidence_condition *condition,
    const struct rule_value *list)
{
	const char *end = list->text + list->len;

	for (const char *element = list->text; element < end;) {
		const char *comma =
		    memchr(element, ',', (size_t)(end - element));
		const char *element_end = comma != NULL ? comma : end;

		if (condition(evidence, element,
			(size_t)(element_end - element)))
			return true;
		element = element_end + 1;
	}
	return false;
}

static bool
evidence_is_at(const struct evidence *evidence, const char *element, size_t len)
{
	const char *step = evidence->error->step;

	return step != NULL && text_is(element, len, step);
}

static bool
evidence_has_code(const struct evidence *evidence, const char *element,
    size_t len)
{
	char code[16];
	char class[16];

	snprintf(code, sizeof code, "%d", evidence->error->reply_code);
	snprintf(class, sizeof class, "%dxx",
	    evidence->error->reply_code / 100);
	return text_is(element, len, code) || text_is(element, len, class);
}

/* Compares number by number; "x" stands for any. */
static bool
evidence_has_enhanced(const struct evidence *evidence, const char *element,
    size_t len)
{
	const char *code = evidence->enhanced;
	const char *end = element + len;

	if (*code == '\0')
		return false;
	while (element < end && *code != '\0') {
		size_t wanted = strcspn(element, ".");
		size_t had = strcspn(code, ".");

		if (wanted > (size_t)(end - element))
			wanted = (size_t)(end - element);
		if (!(wanted == 1 && *element == 'x') &&
		    (wanted != had || memcmp(element, code, had) != 0))
			return false;
		element += wanted + (element + wanted < end);
		code += had + (code[had] != '\0');
	}
	return element == end && *code == '\0';
}

static bool
evidence_has_errno(const struct evidence *evidence, const char *element,
    size_t len)
{
	for (size_t i = 0; i < sizeof errnos / sizeof *errnos; i++) {
		if (text_is(element, len, errnos[i].name))
			return evidence->error->sys_errno == errnos[i].number;
	}
	return false;
}

static bool
evidence_has_provider(const struct evidence *evidence, const char *element,
    size_t len)
{
	const char *name =
	    evidence->provider != NULL ? evidence->provider->name : "";

	return strncasecmp(name, element, len) == 0 &&
	    (name[len] == '\0' || name[len] == '-');
}

static bool
evidence_signs_in(const struct evidence *evidence, const char *element,
    size_t len)
{
	const struct account *account = evidence->account;
	const char *way = account->text[SETTING_USER] == NULL ? "none"
	    : account->uses_oauth2                            ? "oauth2"
							      : "password";

	return text_is(element, len, way);
}

static bool
evidence_has_grant(const struct evidence *evidence, const char *element,
    size_t len)
{
	const struct account *account = evidence->account;
	const char *grant = account->text[SETTING_GRANT];

	return account->uses_oauth2 && grant != NULL &&
	    text_is(element, len, grant);
}

/* Whether the provider takes this kind of credential; none if unknown. */
static bool
evidence_takes(const struct evidence *evidence, const char *element, size_t len)
{
	static const struct {
		const char *name;
		unsigned bits;
	} kinds[] = {
	    {"either-password", PROVIDER_APP_PASSWORD | PROVIDER_PASSWORD},
	    {"oauth2", PROVIDER_OAUTH2},
	    {"app-password", PROVIDER_APP_PASSWORD},
	    {"password", PROVIDER_PASSWORD},
	    {"key", PROVIDER_KEY},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (text_is(element, len, kinds[i].name))
			return evidence->provider != NULL &&
			    (evidence->provider->sign_in & kinds[i].bits) ==
			    kinds[i].bits;
	}
	return evidence->provider == NULL && text_is(element, len, "unknown");
}

static bool
evidence_has_mechanism(const struct evidence *evidence, const char *element,
    size_t len)
{
	const char *mechanism = evidence->error->mechanism;

	return mechanism != NULL && text_is(element, len, mechanism);
}

static bool
evidence_has_address(const struct evidence *evidence, const char *element,
    size_t len)
{
	const char *address = evidence->error->address;

	return address != NULL && text_is(element, len, address);
}

static bool
evidence_has_port(const struct evidence *evidence, const char *element,
    size_t len)
{
	char port[16];

	snprintf(port, sizeof port, "%u",
	    account_number(evidence->account, SETTING_PORT));
	return text_is(element, len, port);
}

static bool
evidence_has_tls(const struct evidence *evidence, const char *element,
    size_t len)
{
	const char *tls = evidence->account->text[SETTING_TLS];

	return tls != NULL && text_is(element, len, tls);
}
