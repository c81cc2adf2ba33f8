/* SPDX-License-Identifier: MIT */
/* Tests the provider registry, and finding a provider in it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/registry.h"
#include "config/value-list.h"

static int
load_registry(void **state)
{
	struct config *config = calloc(1, sizeof *config);
	struct error err = {0};

	assert_non_null(config);
	if (registry_load(config, &err) == -1)
		fail_msg("%s", err.message);
	*state = config;
	return 0;
}

static int
free_registry(void **state)
{
	config_free(*state);
	return 0;
}

static const struct {
	const char *domain;
	const char *provider; /* NULL: none */
	const char *host;
} of_domain[] = {
    {"gmail.com", "gmail", "smtp.gmail.com"},
    {"GoogleMail.COM", "gmail", "smtp.gmail.com"},
    {"icloud.com", "icloud", "smtp.mail.me.com"},
    {"me.com", "icloud", "smtp.mail.me.com"},
    {"outlook.com", "outlook", "smtp-mail.outlook.com"},
    {"hotmail.co.uk", "outlook", "smtp-mail.outlook.com"},
    {"live.nl", "outlook", "smtp-mail.outlook.com"},
    {"live.example.org", NULL, NULL},
    {"outlook.example", NULL, NULL},
    {"gmx.example", NULL, NULL},
    {"onmicrosoft.com", "microsoft365", "smtp.office365.com"},
    {"yahoo.com.br", "yahoo", "smtp.mail.yahoo.com"},
    {"yahoo.co.jp", "yahoo-jp", "smtp.mail.yahoo.co.jp"},
    {"yahoo.example", NULL, NULL},
    {"yahoo", NULL, NULL},
    {"yahoo.", NULL, NULL},
    {"notyahoo.com", NULL, NULL},
    {"aol.de", "aol", "smtp.aol.com"},
    {"fastmail.fm", "fastmail", "smtp.fastmail.com"},
    {"zohomail.com", "zoho", "smtp.zoho.com"},
    {"zohomail.eu", "zoho-eu", "smtp.zoho.eu"},
    {"zohomail.com.au", "zoho-au", "smtp.zoho.com.au"},
    {"yandex.kz", "yandex", "smtp.yandex.com"},
    {"ya.ru", "yandex", "smtp.yandex.com"},
    {"list.ru", "mailru", "smtp.mail.ru"},
    {"gmx.de", "gmx", "mail.gmx.net"},
    {"gmx.ch", "gmx", "mail.gmx.net"},
    {"gmx.com", "gmx-com", "mail.gmx.com"},
    {"gmx.co.uk", "gmx-com", "mail.gmx.com"},
    {"web.de", "webde", "smtp.web.de"},
    {"mail.com", "mailcom", "smtp.mail.com"},
    {"proton.me", "proton-bridge", "127.0.0.1"},
    {"posteo.net", "posteo", "posteo.de"},
    {"mailbox.org", "mailbox.org", "smtp.mailbox.org"},
    {"riseup.net", "riseup", "mail.riseup.net"},
    {"disroot.org", "disroot", "disroot.org"},
    {"migadu.com", "migadu", "smtp.migadu.com"},
    {"ik.me", "infomaniak", "mail.infomaniak.com"},
    {"runbox.com", "runbox", "smtp.runbox.com"},
    {"online.de", "ionos", "smtp.ionos.de"},
    {"wanadoo.fr", "orange", "smtp.orange.fr"},
    {"free.fr", "free", "smtp.free.fr"},
    {"laposte.net", "laposte", "smtp.laposte.net"},
    {"t-online.de", "telekom", "securesmtp.t-online.de"},
    {"comcast.net", "comcast", "smtp.comcast.net"},
    {"sbcglobal.net", "att", "outbound.att.net"},
    {"163.com", "163", "smtp.163.com"},
    {"126.com", "126", "smtp.126.com"},
    {"foxmail.com", "qq", "smtp.qq.com"},
    {"tutanota.com", "tuta", NULL},
    {"hey.com", "hey", NULL},
    {"naver.com", "naver", "smtp.naver.com"},
    {"libero.it", "libero", "smtp.libero.it"},
    {"op.pl", "onet", "smtp.poczta.onet.pl"},
    {"email.cz", "seznam", "smtp.seznam.cz"},
    {"btinternet.com", "bt", "mail.btinternet.com"},
    {"example.org", NULL, NULL},
    {"", NULL, NULL},
};

static void
finds_the_provider_of_a_mail_domain(void **state)
{
	for (size_t i = 0; i < sizeof of_domain / sizeof *of_domain; i++) {
		const struct provider *provider =
		    config_provider_of_domain(*state, of_domain[i].domain);

		if (of_domain[i].provider == NULL) {
			assert_null(provider);
			continue;
		}
		assert_non_null(provider);
		assert_string_equal(provider->name, of_domain[i].provider);
		if (of_domain[i].host == NULL)
			assert_null(provider->settings.text[SETTING_HOST]);
		else
			assert_string_equal(provider->settings
						.text[SETTING_HOST],
			    of_domain[i].host);
	}
}

static void
finds_the_provider_behind_an_mx_host(void **state)
{
	static const struct {
		const char *host;
		const char *provider;
	} rows[] = {
	    {"aspmx.l.google.com", "gmail"},
	    {"ASPMX2.GoogleMail.com.", "gmail"},
	    {"corp-example.mail.protection.outlook.com", "microsoft365"},
	    {"mx01.mail.icloud.com", "icloud"},
	    {"in1-smtp.messagingengine.com.", "fastmail"},
	    {"mx.zoho.eu", "zoho-eu"},
	    {"mail.protonmail.ch", "proton"},
	    {"mta5.am0.yahoodns.net", "yahoo"},
	    {"mx00.kundenserver.de", "ionos"},
	    {"mx00.ionos.co.uk", "ionos-uk"},
	    {"mx1.emailsrvr.com", "rackspace"},
	    {"eur.olc.protection.outlook.com", "outlook"},
	    {"mx-aol.mail.gm0.yahoodns.net", "aol"},
	    {"mx1.yahoodns.net", NULL},
	    {"spool.mail.gandi.net", "gandi"},
	    {"mx1.mail.ovh.net", "ovh"},
	    {"google.com", NULL},
	    {".google.com", NULL},
	    {"notgoogle.com", NULL},
	    {"google.com.example.org", NULL},
	    {"", NULL},
	    {".", NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct provider *provider =
		    config_provider_of_mx(*state, rows[i].host);

		if (rows[i].provider == NULL) {
			assert_null(provider);
			continue;
		}
		assert_non_null(provider);
		assert_string_equal(provider->name, rows[i].provider);
	}
}

static void
finds_a_provider_by_name_in_any_case(void **state)
{
	assert_string_equal(config_find_provider(*state, "Gmail")->name,
	    "gmail");
	assert_non_null(config_find_provider(*state, "google-relay"));
	assert_null(config_find_provider(*state, "gmai"));
}

static bool
has_word(const char *list, const char *word)
{
	const char *element;
	size_t len;

	while (value_list_next(&list, &element, &len)) {
		if (strlen(word) == len && memcmp(element, word, len) == 0)
			return true;
	}
	return false;
}

static void
is_complete_for_every_provider(void **state)
{
	const struct config *config = *state;

	for (size_t i = 0; i < config->provider_count; i++) {
		const struct provider *provider = config->provider[i];
		const struct settings *settings = &provider->settings;

		assert_non_null(provider->text[PROVIDER_TITLE]);
		if (provider->text[PROVIDER_UNAVAILABLE] != NULL) {
			assert_null(settings->text[SETTING_HOST]);
			continue;
		}
		assert_non_null(settings->text[SETTING_HOST]);
		assert_non_null(provider->text[PROVIDER_USER_FORM]);
		assert_true(provider->sign_in != 0);
		assert_true(has_word(provider->text[PROVIDER_TLS_MODES],
		    settings->text[SETTING_TLS]));
		if ((provider->sign_in &
			(PROVIDER_APP_PASSWORD | PROVIDER_KEY)) != 0)
			assert_non_null(
			    provider->text[PROVIDER_CREDENTIAL_HELP]);
		if ((provider->sign_in & PROVIDER_OAUTH2) != 0 &&
		    provider->text[PROVIDER_TOKEN_URL] != NULL) {
			assert_non_null(provider->settings.text[SETTING_SCOPE]);
			assert_non_null(provider->text[PROVIDER_CLIENT_HELP]);
		}
	}
}

static void
asks_https_endpoints_only(void **state)
{
	static const enum provider_field fields[] = {PROVIDER_AUTHORIZATION_URL,
	    PROVIDER_TOKEN_URL, PROVIDER_DEVICE_URL, PROVIDER_REVOCATION_URL};
	const struct config *config = *state;
	size_t seen = 0;

	for (size_t i = 0; i < config->provider_count; i++) {
		for (size_t j = 0; j < sizeof fields / sizeof *fields; j++) {
			const char *url = config->provider[i]->text[fields[j]];

			if (url == NULL)
				continue;
			assert_memory_equal(url, "https://", 8);
			seen++;
		}
	}
	assert_true(seen > 10);
}

static void
knows_how_one_signs_in(void **state)
{
	static const struct {
		const char *name;
		unsigned sign_in;
		const char *user_form;
	} rows[] = {
	    {"gmail", PROVIDER_APP_PASSWORD | PROVIDER_OAUTH2, "address"},
	    {"outlook", PROVIDER_OAUTH2, "address"},
	    {"icloud", PROVIDER_APP_PASSWORD, "address"},
	    {"webde", PROVIDER_PASSWORD, "local-part"},
	    {"sendgrid", PROVIDER_KEY, "apikey"},
	    {"sparkpost", PROVIDER_KEY, "SMTP_Injection"},
	    {"ses", PROVIDER_KEY, "explicit"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct provider *provider =
		    config_find_provider(*state, rows[i].name);

		assert_non_null(provider);
		assert_int_equal(provider->sign_in, rows[i].sign_in);
		assert_string_equal(provider->text[PROVIDER_USER_FORM],
		    rows[i].user_form);
	}
}

static const struct provider *
find_in(const struct config *config, enum registry_key key, const char *value)
{
	switch (key) {
	case REGISTRY_NAME:
		return config_find_provider(config, value);
	case REGISTRY_DOMAIN:
		return config_provider_of_domain(config, value);
	case REGISTRY_MX:
		return config_provider_of_mx(config, value);
	case REGISTRY_HOST:
		return config_provider_of_host(config, value);
	}
	return NULL;
}

/* Loads only what the key needs into an empty configuration. */
static void
assert_found_alone(const struct config *all, enum registry_key key,
    const char *value)
{
	const struct provider *expected = find_in(all, key, value);
	const struct provider *provider;
	struct config *config = calloc(1, sizeof *config);
	struct error err = {0};

	assert_non_null(config);
	assert_int_equal(registry_load_for(config, key, value, &err), 0);
	provider = find_in(config, key, value);
	if ((provider == NULL) != (expected == NULL))
		fail_msg("%s: %s", value,
		    expected != NULL ? expected->name : "none");
	if (provider != NULL) {
		assert_string_equal(provider->name, expected->name);
		for (size_t i = 0; i < PROVIDER_FIELD_COUNT; i++)
			assert_string_equal(provider->text[i] != NULL
				? provider->text[i]
				: "",
			    expected->text[i] != NULL ? expected->text[i] : "");
	}
	assert_in_range(config->provider_count, 0, 3);
	config_free(config);
}

/* A list of domains or patterns; a star becomes a label. */
static void
assert_elements_found_alone(const struct config *all, enum registry_key key,
    const char *list)
{
	const char *element;
	size_t len;

	while (value_list_next(&list, &element, &len)) {
		char value[512];
		bool is_pattern = *element == '*';

		snprintf(value, sizeof value, "%s%.*s", is_pattern ? "Mx1" : "",
		    (int)(len - is_pattern), element + is_pattern);
		assert_found_alone(all, key, value);
	}
}

static void
finds_each_provider_without_parsing_the_others(void **state)
{
	static const char *const others[] = {"", ".", "com", "*", "*.com",
	    "example.org", "mail.example.org", "provider", "starttls", "yes",
	    "password", "host", "{region}",
	    "email-smtp.eu-west-1.amazonaws.com", "email-smtp..amazonaws.com",
	    "email-smtp.amazonaws.com", "email-smtp.a.b.amazonaws.com",
	    "EMAIL-SMTP.x.amazonaws.com", "google.com", "Aspmx.L.Google.COM.",
	    "smtp.gmail.com", "GMail", "gmail {", "Gmail\n"};
	const struct config *all = *state;

	for (size_t i = 0; i < all->provider_count; i++) {
		const struct provider *provider = all->provider[i];
		const char *host = provider->settings.text[SETTING_HOST];

		assert_found_alone(all, REGISTRY_NAME, provider->name);
		assert_elements_found_alone(all, REGISTRY_DOMAIN,
		    provider->text[PROVIDER_DOMAINS]);
		assert_elements_found_alone(all, REGISTRY_MX,
		    provider->text[PROVIDER_MX]);
		if (host != NULL)
			assert_found_alone(all, REGISTRY_HOST, host);
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		for (unsigned key = REGISTRY_NAME; key <= REGISTRY_HOST; key++)
			assert_found_alone(all, (enum registry_key)key,
			    others[i]);
	}
}

static void
finds_the_server_of_a_region(void **state)
{
	const struct provider *ses = config_find_provider(*state, "ses");

	assert_true(
	    provider_has_host(ses, "email-smtp.eu-west-1.amazonaws.com"));
	assert_true(provider_has_host(ses, "Email-SMTP.x.AmazonAWS.com"));
	assert_false(provider_has_host(ses, "email-smtp..amazonaws.com"));
	assert_false(provider_has_host(ses, "email-smtp.a.b.amazonaws.com"));
	assert_false(provider_has_host(ses, "email-smtp.amazonaws.com"));
	assert_false(provider_has_host(ses, "email"));
}

static void
knows_ports_and_shapes(void **state)
{
	static const struct {
		const char *name;
		enum provider_field field;
		const char *text;
	} rows[] = {{"gmail", PROVIDER_SECRET_SHAPE, "16 letters"},
	    {"yahoo", PROVIDER_SECRET_SHAPE, "16 letters"},
	    {"icloud", PROVIDER_SECRET_SHAPE, "xxxx-xxxx-xxxx-xxxx"},
	    {"fastmail", PROVIDER_SECRET_SHAPE, "16 letters or digits"},
	    {"zoho", PROVIDER_SECRET_SHAPE, "12 letters or digits"},
	    {"qq", PROVIDER_SECRET_SHAPE, "16 letters"},
	    {"163", PROVIDER_SECRET_SHAPE, "16 letters or digits"},
	    {"sendgrid", PROVIDER_SECRET_SHAPE, "begins with SG."},
	    {"ses", PROVIDER_USER_SHAPE, "begins with AKIA"},
	    {"ses", PROVIDER_OTHER_PORTS, "2587\n2465/implicit"},
	    {"sendgrid", PROVIDER_OTHER_PORTS, "2525"},
	    {"resend", PROVIDER_OTHER_PORTS, "2465/implicit\n2587"}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct provider *provider =
		    config_find_provider(*state, rows[i].name);

		assert_non_null(provider);
		assert_non_null(provider->text[rows[i].field]);
		assert_string_equal(provider->text[rows[i].field],
		    rows[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_the_provider_of_a_mail_domain),
	    cmocka_unit_test(finds_the_provider_behind_an_mx_host),
	    cmocka_unit_test(finds_a_provider_by_name_in_any_case),
	    cmocka_unit_test(is_complete_for_every_provider),
	    cmocka_unit_test(asks_https_endpoints_only),
	    cmocka_unit_test(knows_how_one_signs_in),
	    cmocka_unit_test(knows_ports_and_shapes),
	    cmocka_unit_test(finds_each_provider_without_parsing_the_others),
	    cmocka_unit_test(finds_the_server_of_a_region),
	};

	return cmocka_run_group_tests_name("provider", tests, load_registry,
	    free_registry);
}
