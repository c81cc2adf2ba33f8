/* SPDX-License-Identifier: MIT */
/*
 * Prints what a user of a provider needs to know, in the order in which it is
 * needed: how to sign in, the limits, and then all fields.
 */
#include "cli/provider-page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/wrap.h"
#include "config/region.h"
#include "config/value-list.h"
#include "report/terminal-style.h"

enum {
	DOMAIN_SIZE = 256,
	NOTE_SIZE = 64,
	INDENT = 2,
	FIELD_INDENT = 28,
	LIST_MAX = 65536,
	MEGABYTE = 1000000
};

/* Which credential a sign-in method needs, and the field that says how to get
 * it. */
struct provider_page_method {
	enum provider_sign_in method;
	const char *title;
	enum provider_field help;
};

static const struct provider_page_method methods[] = {
    {PROVIDER_APP_PASSWORD, "With an app password", PROVIDER_CREDENTIAL_HELP},
    {PROVIDER_PASSWORD, "With the password of the account",
	PROVIDER_CREDENTIAL_HELP},
    {PROVIDER_KEY, "With a password for mail programs",
	PROVIDER_CREDENTIAL_HELP},
    {PROVIDER_OAUTH2, "With OAuth2, after registering a client",
	PROVIDER_CLIENT_HELP},
};

static void provider_page_print_server(const struct provider *provider);
static void provider_page_print_method(const struct config *config,
    const struct provider *provider, const struct provider_page_method *method);
static void provider_page_print_command(const struct config *config,
    const struct provider *provider, bool is_oauth2);
static bool provider_page_find_domain(const struct config *config,
    const struct provider *provider, char domain[DOMAIN_SIZE]);
static void provider_page_print_notes(const struct provider *provider);
static void provider_page_print_text(const char *title, const char *text);
static void provider_page_print_fields(const struct provider *provider);
static void provider_page_print_field(const char *name, const char *text);

void
provider_page_print(const struct config *config,
    const struct provider *provider, bool wants_fields)
{
	const char *unavailable = provider->text[PROVIDER_UNAVAILABLE];

	provider_page_print_server(provider);
	provider_page_print_text("\nFirst switch on SMTP:\n",
	    provider->text[PROVIDER_SMTP_SWITCH]);
	for (size_t i = 0;
	     unavailable == NULL && i < sizeof methods / sizeof *methods; i++) {
		if ((provider->sign_in & (unsigned)methods[i].method) != 0)
			provider_page_print_method(config, provider,
			    &methods[i]);
	}
	/* A block of the configuration need not list methods. */
	if (unavailable == NULL && provider->sign_in == 0)
		provider_page_print_method(config, provider, &methods[1]);
	provider_page_print_notes(provider);
	provider_page_print_text("\nWhere senders are added or verified:\n",
	    provider->text[PROVIDER_SENDER_HELP]);
	if (wants_fields)
		provider_page_print_fields(provider);
	else
		printf("\nAll fields: postrider providers -v %s\n",
		    provider->name);
}

static void
provider_page_print_server(const struct provider *provider)
{
	const char *title = provider->text[PROVIDER_TITLE];
	const char *host = provider->settings.text[SETTING_HOST];
	const char *port = provider->settings.text[SETTING_PORT];
	const char *tls = provider->settings.text[SETTING_TLS];
	bool is_implicit = tls != NULL && text_equals(tls, "implicit");

	printf("%s", title != NULL ? title : provider->name);
	if (provider->text[PROVIDER_UNAVAILABLE] != NULL) {
		provider_page_print_text("\n\nNot available:\n",
		    provider->text[PROVIDER_UNAVAILABLE]);
		return;
	}
	if (host != NULL)
		printf(": %s port %s, %s", host,
		    port != NULL      ? port
			: is_implicit ? "465"
				      : "587",
		    is_implicit ? "implicit TLS" : "STARTTLS");
	putchar('\n');
}

static void
provider_page_print_method(const struct config *config,
    const struct provider *provider, const struct provider_page_method *method)
{
	bool is_told = method->method == PROVIDER_PASSWORD &&
	    (provider->sign_in & (PROVIDER_APP_PASSWORD | PROVIDER_KEY)) != 0;

	printf("\n%s:\n", method->title);
	/* credential-help tells where the other one is made. */
	if (!is_told)
		provider_page_print_text("", provider->text[method->help]);
	provider_page_print_command(config, provider,
	    method->method == PROVIDER_OAUTH2);
}

/* The shortest command that finds this provider. */
static void
provider_page_print_command(const struct config *config,
    const struct provider *provider, bool is_oauth2)
{
	const char *host = provider->settings.text[SETTING_HOST];
	const char *form = provider->text[PROVIDER_USER_FORM];
	char domain[DOMAIN_SIZE];
	bool has_domain = provider_page_find_domain(config, provider, domain);

	printf("  postrider login");
	if (!has_domain)
		printf(" --provider=%s", provider->name);
	if (host != NULL && strstr(host, REGION_MARK) != NULL)
		printf(" --region=REGION");
	if (form != NULL && strcmp(form, "explicit") == 0)
		printf(" --user=USER");
	if (is_oauth2)
		printf(" --client-id=ID");
	printf(" me@%s\n", has_domain ? domain : "example.org");
}

static bool
provider_page_find_domain(const struct config *config,
    const struct provider *provider, char domain[DOMAIN_SIZE])
{
	static const char *const endings[] = {"com", "net", "org", "de"};
	const char *list = provider->text[PROVIDER_DOMAINS];
	const char *element;
	size_t len;

	while (value_list_next(&list, &element, &len)) {
		bool is_pattern = len > 0 && element[len - 1] == '*';

		for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
			snprintf(domain, DOMAIN_SIZE, "%.*s%s",
			    (int)(len - is_pattern), element,
			    is_pattern ? endings[i] : "");
			if (config_provider_of_domain(config, domain) ==
			    provider)
				return true;
		}
	}
	return false;
}

static void
provider_page_print_notes(const struct provider *provider)
{
	const char *size = provider->text[PROVIDER_SIZE_LIMIT];
	char limit[NOTE_SIZE];
	const char *notes[] = {NULL, provider->text[PROVIDER_LIMITS],
	    provider->text[PROVIDER_NOTE],
	    provider->text[PROVIDER_DEVICE_UNAVAILABLE],
	    provider->text[PROVIDER_MX] != NULL
		? "an address of your own domain is recognised by its MX record"
		: NULL};
	const char *title = "\nLimits and notes:\n";

	if (size != NULL) {
		snprintf(limit, sizeof limit, "a message has at most %.1f MB",
		    strtod(size, NULL) / MEGABYTE);
		notes[0] = limit;
	}
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
		if (notes[i] == NULL)
			continue;
		provider_page_print_text(title, notes[i]);
		title = "";
	}
}

/* A title and an indented paragraph; nothing if the text is NULL. */
static void
provider_page_print_text(const char *title, const char *text)
{
	if (text == NULL)
		return;
	printf("%s%*s", title, INDENT, "");
	wrap_print(stdout, text, INDENT, INDENT, terminal_columns(stdout));
}

static void
provider_page_print_fields(const struct provider *provider)
{
	printf("\nAll fields of the provider %s:\n", provider->name);
	for (enum provider_field field = 0; field < PROVIDER_FIELD_COUNT;
	     field++)
		provider_page_print_field(provider_field_name(field),
		    provider->text[field]);
	for (enum setting_id id = 0; id < SETTING_COUNT; id++)
		provider_page_print_field(setting_row(id)->name,
		    provider->settings.text[id]);
}

static void
provider_page_print_field(const char *name, const char *text)
{
	const char *element;
	const char *separator = "";
	struct error ignored;
	struct buf list;
	size_t len;

	if (text == NULL)
		return;
	buf_init(&list, LIST_MAX);
	while (value_list_next(&text, &element, &len) &&
	    buf_addf(&list, &ignored, "%s%.*s", separator, (int)len, element) ==
		0)
		separator = ", ";
	printf("  %-26s", name);
	wrap_print(stdout, buf_text(&list), FIELD_INDENT, FIELD_INDENT,
	    terminal_columns(stdout));
	buf_done(&list);
}
