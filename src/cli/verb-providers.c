/* SPDX-License-Identifier: MIT */
/*
 * The command providers: lists the registry, or shows one provider
 * (provider-page.c).
 */
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/json.h"
#include "cli/provider-find.h"
#include "cli/provider-page.h"
#include "config/config.h"
#include "config/registry.h"
#include "config/suggestion.h"
#include "config/value-list.h"

static void providers_list(struct config *config, const char *name,
    bool as_json);
static void providers_print_line(const struct provider *provider);
static void providers_add_provider(struct json *json,
    const struct provider *provider);
static void providers_add_field(struct json *json, const char *name,
    const char *text, bool is_list);
static int unknown_provider(const struct config *config, const char *name,
    struct error *err);

int
verb_providers(struct options *options, struct error *err)
{
	const char *name =
	    options->argument_count > 0 ? options->argument[0] : NULL;
	struct config *config;
	int result = -1;

	if (options->find != NULL && name != NULL)
		return error_set(err, ERROR_USAGE,
		    "providers: use either --find or a name");
	if (options->find != NULL)
		return provider_find(options, err);
	config = config_load(options->config_path, err);
	if (config != NULL)
		result = registry_load(config, err);
	if (result == 0 && name != NULL &&
	    config_find_provider(config, name) == NULL)
		result = unknown_provider(config, name, err);
	if (result == 0)
		providers_list(config, name, options->json);
	config_free(config);
	return result;
}

static void
providers_list(struct config *config, const char *name, bool as_json)
{
	struct json json = {.out = stdout};

	if (as_json)
		json_open(&json, NULL, '[');
	for (size_t i = 0; i < config->provider_count; i++) {
		const struct provider *provider = config->provider[i];

		if (name != NULL && !text_equals(provider->name, name))
			continue;
		if (as_json)
			providers_add_provider(&json, provider);
		else if (name != NULL)
			provider_page_print(config, provider);
		else
			providers_print_line(provider);
	}
	if (as_json) {
		json_close(&json, ']');
		json_end(&json);
	}
}

static void
providers_print_line(const struct provider *provider)
{
	const char *host = provider->settings.text[SETTING_HOST];
	const char *title = provider->text[PROVIDER_TITLE];

	if (provider->text[PROVIDER_UNAVAILABLE] != NULL)
		host = "does not support SMTP";
	printf("%-16s  %-36s  %s\n", provider->name, host != NULL ? host : "-",
	    title != NULL ? title : "");
}

static void
providers_add_provider(struct json *json, const struct provider *provider)
{
	json_open(json, NULL, '{');
	json_text(json, "name", provider->name);
	for (enum provider_field field = 0; field < PROVIDER_FIELD_COUNT;
	     field++)
		providers_add_field(json, provider_field_name(field),
		    provider->text[field], provider_field_is_list(field));
	for (enum setting_id id = 0; id < SETTING_COUNT; id++)
		providers_add_field(json, setting_row(id)->name,
		    provider->settings.text[id],
		    setting_row(id)->type == SETTING_LIST);
	json_close(json, '}');
}

static void
providers_add_field(struct json *json, const char *name, const char *text,
    bool is_list)
{
	const char *element;
	size_t len;

	if (text == NULL)
		return;
	if (!is_list) {
		json_text(json, name, text);
		return;
	}
	json_open(json, name, '[');
	while (value_list_next(&text, &element, &len)) {
		char copy[256];

		snprintf(copy, sizeof copy, "%.*s", (int)len, element);
		json_text(json, NULL, copy);
	}
	json_close(json, ']');
}

/* A person may also give a domain of a provider. */
static int
unknown_provider(const struct config *config, const char *name,
    struct error *err)
{
	const struct provider *of_domain =
	    config_provider_of_domain(config, name);
	struct suggestion suggestion;

	error_set(err, ERROR_USAGE, "%s: no such provider", name);
	if (strchr(name, '@') != NULL)
		return error_hint(err,
		    "to find the server of an address: postrider providers "
		    "--find %s",
		    name);
	suggestion_init(&suggestion, name);
	for (size_t i = 0; i < config->provider_count; i++)
		suggestion_offer(&suggestion, config->provider[i]->name);
	if (of_domain != NULL)
		suggestion.best = of_domain->name;
	if (suggestion.best != NULL)
		return error_hint(err, "did you mean %s?", suggestion.best);
	return error_hint(err, "run postrider providers to list them");
}
