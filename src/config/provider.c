/* SPDX-License-Identifier: MIT */
/*
 * Stores the fields of a provider, and matches domains and MX hosts against its
 * patterns. Makes no DNS queries.
 */
#include "config/provider.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "config/region.h"
#include "config/shape.h"
#include "config/value-list.h"

enum {
	NUMBER_MAX = 100000
};

struct field {
	const char *name;
	bool is_list;
};

static const struct field fields[PROVIDER_FIELD_COUNT] = {
    [PROVIDER_TITLE] = {"title", false},
    [PROVIDER_TLS_MODES] = {"tls-modes", true},
    [PROVIDER_OTHER_PORTS] = {"other-ports", true},
    [PROVIDER_DOMAINS] = {"domains", true},
    [PROVIDER_MX] = {"mx", true},
    [PROVIDER_SIGN_IN] = {"sign-in", true},
    [PROVIDER_USER_FORM] = {"user-form", false},
    [PROVIDER_USER_SHAPE] = {"user-shape", true},
    [PROVIDER_SECRET_SHAPE] = {"secret-shape", true},
    [PROVIDER_CREDENTIAL_HELP] = {"credential-help", false},
    [PROVIDER_UNAVAILABLE] = {"unavailable", false},
    [PROVIDER_SIZE_LIMIT] = {"size-limit", false},
    [PROVIDER_LIMITS] = {"limits", false},
    [PROVIDER_SESSIONS] = {"sessions", false},
    [PROVIDER_MESSAGES_PER_SESSION] = {"messages-per-session", false},
    [PROVIDER_MESSAGES_PER_MINUTE] = {"messages-per-minute", false},
    [PROVIDER_SMTP_SWITCH] = {"smtp-switch", false},
    [PROVIDER_SENDER_HELP] = {"sender-help", false},
    [PROVIDER_NOTE] = {"note", false},
    [PROVIDER_MESSAGE_ID_REPLY] = {"message-id-reply", false},
    [PROVIDER_MESSAGE_ID_DOMAIN] = {"message-id-domain", true},
    [PROVIDER_ORIGINAL_ID] = {"original-id", false},
    [PROVIDER_SENT_COPY] = {"sent-copy", false},
    [PROVIDER_IMAP_SCOPE] = {"imap-scope", false},
    [PROVIDER_BEARER] = {"bearer", true},
    [PROVIDER_ISSUER] = {"issuer", false},
    [PROVIDER_AUTHORIZATION_URL] = {"authorization-url", false},
    [PROVIDER_AUTHORIZATION_PARAMETERS] = {"authorization-parameters", false},
    [PROVIDER_TOKEN_URL] = {"token-url", false},
    [PROVIDER_DEVICE_URL] = {"device-url", false},
    [PROVIDER_DEVICE_UNAVAILABLE] = {"device-unavailable", false},
    [PROVIDER_REVOCATION_URL] = {"revocation-url", false},
    [PROVIDER_REDIRECT] = {"redirect", false},
    [PROVIDER_APP_SCOPE] = {"app-scope", false},
    [PROVIDER_CLIENT_HELP] = {"client-help", false},
    [PROVIDER_CLIENT_SECRET_NEEDED] = {"client-secret-needed", false},
};

static int provider_parse_sign_in(const char *text, unsigned *ret_sign_in,
    const char *origin, struct error *err);
static int provider_check_number(enum provider_field field, const char *text,
    const char *origin, struct error *err);
static int provider_check_shapes(enum provider_field field, const char *text,
    const char *origin, struct error *err);
static bool domain_matches_any_country(const char *pattern, size_t len,
    const char *domain);
static bool is_top_level(const char *suffix);
static bool host_matches_mx_pattern(const char *pattern, size_t len,
    const char *host, size_t host_len);

struct provider *
provider_new(const char *name, struct error *err)
{
	struct provider *provider = calloc(1, sizeof *provider);

	if (provider != NULL)
		provider->name = strdup(name);
	if (provider == NULL || provider->name == NULL) {
		provider_free(provider);
		error_no_memory(err);
		return NULL;
	}
	return provider;
}

void
provider_free(struct provider *provider)
{
	if (provider == NULL)
		return;
	for (size_t i = 0; i < PROVIDER_FIELD_COUNT; i++)
		free(provider->text[i]);
	settings_done(&provider->settings);
	free(provider->name);
	free(provider);
}

const char *
provider_field_name(enum provider_field field)
{
	assert(field < PROVIDER_FIELD_COUNT);
	return fields[field].name;
}

bool
provider_field_is_list(enum provider_field field)
{
	assert(field < PROVIDER_FIELD_COUNT);
	return fields[field].is_list;
}

bool
provider_field_find(const char *name, enum provider_field *ret_field)
{
	for (unsigned i = 0; i < PROVIDER_FIELD_COUNT; i++) {
		if (strcmp(fields[i].name, name) == 0) {
			*ret_field = (enum provider_field)i;
			return true;
		}
	}
	return false;
}

int
provider_set(struct provider *provider, enum provider_field field,
    const char *text, const char *origin, struct error *err)
{
	char *copy;

	if (field == PROVIDER_SIGN_IN &&
	    provider_parse_sign_in(text, &provider->sign_in, origin, err) == -1)
		return -1;
	if ((field == PROVIDER_USER_SHAPE || field == PROVIDER_SECRET_SHAPE) &&
	    provider_check_shapes(field, text, origin, err) == -1)
		return -1;
	if (field >= PROVIDER_SESSIONS &&
	    field <= PROVIDER_MESSAGES_PER_MINUTE &&
	    provider_check_number(field, text, origin, err) == -1)
		return -1;
	copy = strdup(text);
	if (copy == NULL)
		return error_no_memory(err);
	free(provider->text[field]);
	provider->text[field] = copy;
	return 0;
}

void
provider_fill(struct provider *provider, struct provider *other)
{
	if (provider->text[PROVIDER_SIGN_IN] == NULL)
		provider->sign_in = other->sign_in;
	for (size_t i = 0; i < PROVIDER_FIELD_COUNT; i++) {
		if (provider->text[i] != NULL)
			continue;
		provider->text[i] = other->text[i];
		other->text[i] = NULL;
	}
	settings_fill(&provider->settings, &other->settings);
}

unsigned
provider_number(const struct provider *provider, enum provider_field field,
    unsigned fallback)
{
	unsigned long number = fallback;

	if (provider != NULL && provider->text[field] != NULL)
		text_number(provider->text[field], NUMBER_MAX, &number);
	return (unsigned)number;
}

bool
provider_has_domain(const struct provider *provider, const char *domain)
{
	const char *at = provider->text[PROVIDER_DOMAINS];
	const char *element;
	size_t len;

	while (value_list_next(&at, &element, &len)) {
		if (text_is(element, len, domain))
			return true;
	}
	return false;
}

bool
provider_has_domain_like(const struct provider *provider, const char *domain)
{
	const char *at = provider->text[PROVIDER_DOMAINS];
	const char *element;
	size_t len;

	while (value_list_next(&at, &element, &len)) {
		if (domain_matches_any_country(element, len, domain))
			return true;
	}
	return false;
}

bool
provider_has_mx(const struct provider *provider, const char *host)
{
	const char *at = provider->text[PROVIDER_MX];
	size_t host_len = strlen(host);
	const char *element;
	size_t len;

	if (host_len > 0 && host[host_len - 1] == '.')
		host_len--;
	while (value_list_next(&at, &element, &len)) {
		if (host_matches_mx_pattern(element, len, host, host_len))
			return true;
	}
	return false;
}

bool
provider_has_host(const struct provider *provider, const char *host)
{
	const char *own = provider->settings.text[SETTING_HOST];
	char region[REGION_SIZE];

	return own != NULL && region_find(own, host, region);
}

static int
provider_parse_sign_in(const char *text, unsigned *ret_sign_in,
    const char *origin, struct error *err)
{
	static const struct {
		const char *word;
		enum provider_sign_in bit;
	} words[] = {{"oauth2", PROVIDER_OAUTH2},
	    {"app-password", PROVIDER_APP_PASSWORD},
	    {"password", PROVIDER_PASSWORD}, {"key", PROVIDER_KEY}};
	unsigned sign_in = 0;
	const char *element;
	size_t len;

	while (value_list_next(&text, &element, &len)) {
		unsigned bit = 0;

		for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
			if (text_is(element, len, words[i].word))
				bit = words[i].bit;
		}
		if (bit == 0)
			return error_set(err, ERROR_CONFIG,
			    "%s: sign-in: \"%.*s\" isn't one of: oauth2 "
			    "app-password password key",
			    origin, (int)len, element);
		sign_in |= bit;
	}
	*ret_sign_in = sign_in;
	return 0;
}

static int
provider_check_number(enum provider_field field, const char *text,
    const char *origin, struct error *err)
{
	unsigned long number = 0;

	if (text_number(text, NUMBER_MAX, &number) == 0 && number > 0)
		return 0;
	return error_set(err, ERROR_CONFIG,
	    "%s: %s: \"%s\" is not a number from 1 to %d", origin,
	    fields[field].name, text, NUMBER_MAX);
}

static int
provider_check_shapes(enum provider_field field, const char *text,
    const char *origin, struct error *err)
{
	const char *element;
	size_t len;

	while (value_list_next(&text, &element, &len)) {
		if (shape_is_valid(element, len))
			continue;
		error_set(err, ERROR_CONFIG, "%s: %s: \"%.*s\" is no shape",
		    origin, fields[field].name, (int)len, element);
		return error_hint(err,
		    "for example: \"16 letters\", \"32 hex digits\", \"begins "
		    "with SG.\", xxxx-xxxx");
	}
	return 0;
}

/* "gmx.*" matches gmx.de and gmx.co.uk, but not gmx.example.org. */
static bool
domain_matches_any_country(const char *pattern, size_t len, const char *domain)
{
	size_t stem = len - 1;

	if (len < 3 || pattern[len - 2] != '.' || pattern[len - 1] != '*')
		return false;
	return strlen(domain) > stem &&
	    strncasecmp(domain, pattern, stem) == 0 &&
	    is_top_level(domain + stem);
}

/* One label, or a second-level domain such as "co.uk". */
static bool
is_top_level(const char *suffix)
{
	static const char *const seconds[] = {"co", "com", "net", "org", "or",
	    "ne"};
	const char *dot = strchr(suffix, '.');

	if (dot == NULL)
		return *suffix != '\0';
	if (strlen(dot + 1) != 2 || dot[1] == '.' || dot[2] == '.')
		return false;
	for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
		if (text_is(suffix, (size_t)(dot - suffix), seconds[i]))
			return true;
	}
	return false;
}

/* "*." matches one or more labels. */
static bool
host_matches_mx_pattern(const char *pattern, size_t len, const char *host,
    size_t host_len)
{
	if (len > 2 && pattern[0] == '*' && pattern[1] == '.') {
		pattern++;
		len--;
		if (host_len <= len)
			return false;
		host += host_len - len;
		host_len = len;
	}
	return host_len == len && strncasecmp(host, pattern, len) == 0;
}
