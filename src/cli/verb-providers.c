/* SPDX-License-Identifier: MIT */
/*
 * The command providers: lists the registry or a part of it, or shows one
 * provider (provider-page.c).
 */
#include "cli/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "report/json.h"
#include "cli/provider-find.h"
#include "cli/provider-page.h"
#include "config/config.h"
#include "config/registry.h"
#include "config/suggestion.h"
#include "config/value-list.h"

enum {
	COLUMN_MAX = 36,
	SCREEN_LINES = 24
};

/* The providers to show, by name. */
struct selection {
	const struct provider **provider;
	size_t count;
	bool is_one; /* all about it is shown */
};

static int providers_select(const struct config *config, const char *word,
    struct selection *selection, struct error *err);
static bool provider_has_word(const struct provider *provider,
    const char *word);
static int provider_compare_names(const void *a, const void *b);
static void providers_print(const struct config *config,
    const struct selection *selection, bool wants_fields);
static size_t wider(size_t width, const char *text);
static const char *provider_host(const struct provider *provider);
static void providers_print_count(size_t count);
static void providers_print_json(const struct selection *selection);
static void providers_add_provider(struct json *json,
    const struct provider *provider);
static void providers_add_field(struct json *json, const char *name,
    const char *text, bool is_list);
static int unknown_provider(const struct config *config, const char *name,
    struct error *err);

int
verb_providers(struct options *options, struct error *err)
{
	const char *word =
	    options->argument_count > 0 ? options->argument[0] : NULL;
	struct selection selection = {.count = 0};
	struct config *config;
	int result = -1;

	if (options->find != NULL && word != NULL)
		return error_set(err, ERROR_USAGE,
		    "providers: use either --find or a name");
	if (options->find != NULL)
		return provider_find(options, err);
	config = config_load(options->config_path, err);
	if (config != NULL && registry_load(config, err) == 0)
		result = providers_select(config, word, &selection, err);
	if (result == 0 && options->report.json)
		providers_print_json(&selection);
	else if (result == 0)
		providers_print(config, &selection, options->report.verbose);
	free(selection.provider);
	config_free(config);
	return result;
}

/* Selects the provider of that name or domain, else those that contain the
 * word; all if it is NULL. */
static int
providers_select(const struct config *config, const char *word,
    struct selection *selection, struct error *err)
{
	const struct provider *only = NULL;

	if (word != NULL)
		only = config_find_provider(config, word);
	if (word != NULL && only == NULL)
		only = config_provider_of_domain(config, word);
	selection->is_one = only != NULL;
	selection->provider =
	    calloc(config->provider_count, sizeof *selection->provider);
	if (selection->provider == NULL)
		return error_no_memory(err);
	for (size_t i = 0; i < config->provider_count; i++) {
		const struct provider *provider = config->provider[i];

		if (only != NULL ? provider == only
				 : provider_has_word(provider, word))
			selection->provider[selection->count++] = provider;
	}
	qsort(selection->provider, selection->count,
	    sizeof *selection->provider, provider_compare_names);
	return selection->count > 0 ? 0 : unknown_provider(config, word, err);
}

static bool
provider_has_word(const struct provider *provider, const char *word)
{
	const char *title = provider->text[PROVIDER_TITLE];

	return word == NULL || strcasestr(provider->name, word) != NULL ||
	    (title != NULL && strcasestr(title, word) != NULL);
}

static int
provider_compare_names(const void *a, const void *b)
{
	const struct provider *const *left = a;
	const struct provider *const *right = b;

	return strcasecmp((*left)->name, (*right)->name);
}

static void
providers_print(const struct config *config, const struct selection *selection,
    bool wants_fields)
{
	size_t name_width = 0;
	size_t host_width = 0;

	if (selection->is_one) {
		provider_page_print(config, selection->provider[0],
		    wants_fields);
		return;
	}
	for (size_t i = 0; i < selection->count; i++) {
		const struct provider *provider = selection->provider[i];

		name_width = wider(name_width, provider->name);
		host_width = wider(host_width, provider_host(provider));
	}
	for (size_t i = 0; i < selection->count; i++) {
		const struct provider *provider = selection->provider[i];
		const char *title = provider->text[PROVIDER_TITLE];

		printf("%-*s  %-*s  %s\n", (int)name_width, provider->name,
		    (int)host_width, provider_host(provider),
		    title != NULL ? title : "");
	}
	providers_print_count(selection->count);
}

static size_t
wider(size_t width, const char *text)
{
	size_t len = strlen(text);

	return len > width && len <= COLUMN_MAX ? len : width;
}

static const char *
provider_host(const struct provider *provider)
{
	const char *host = provider->settings.text[SETTING_HOST];

	if (provider->text[PROVIDER_UNAVAILABLE] != NULL)
		return "does not support SMTP";
	return host != NULL ? host : "-";
}

/* Says how to see less than a list that is longer than a screen. */
static void
providers_print_count(size_t count)
{
	if (count <= SCREEN_LINES || isatty(STDOUT_FILENO) != 1)
		return;
	printf("\n%zu providers. To see fewer: postrider providers WORD\n",
	    count);
}

static void
providers_print_json(const struct selection *selection)
{
	struct json json = {.out = stdout};

	json_open(&json, NULL, '[');
	for (size_t i = 0; i < selection->count; i++)
		providers_add_provider(&json, selection->provider[i]);
	json_close(&json, ']');
	json_end(&json);
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

static int
unknown_provider(const struct config *config, const char *name,
    struct error *err)
{
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
	if (suggestion.best != NULL)
		return error_hint(err, "did you mean %s?", suggestion.best);
	return error_hint(err, "run postrider providers to list them");
}
