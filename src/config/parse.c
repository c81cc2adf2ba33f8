/* SPDX-License-Identifier: MIT */
/*
 * Stores the values of a configuration in struct config. grammar.c parses the
 * syntax; settings.c and provider.c check the values.
 */
#include "config/parse.h"

#include <stdlib.h>
#include <string.h>

#include "config/grammar.h"

/* The current block. */
struct parse {
	struct config *config;
	struct settings *settings;
	struct provider *provider; /* NULL in other blocks */
};

static int parse_begin_block(void *context, enum grammar_block kind,
    const char *title, struct error *err);
static int parse_begin_account(struct parse *parse, const char *name,
    struct error *err);
static int parse_begin_provider(struct parse *parse, const char *name,
    struct error *err);
static int parse_value(void *context, const char *name, const char *text,
    const char *origin, struct error *err);
static int parse_default_account(struct config *config, const char *text,
    const char *origin, struct error *err);

int
config_parse(struct config *config, const char *path, const char *text,
    size_t len, struct error *err)
{
	struct parse parse = {.config = config};
	struct grammar_handler handler = {.context = &parse,
	    .begin_block = parse_begin_block,
	    .set_value = parse_value};

	return grammar_read(path, text, len, &handler, err);
}

static int
parse_begin_block(void *context, enum grammar_block kind, const char *title,
    struct error *err)
{
	struct parse *parse = context;

	parse->provider = NULL;
	switch (kind) {
	case GRAMMAR_TOP:
		parse->settings = &parse->config->defaults;
		return 0;
	case GRAMMAR_ACCOUNT:
		return parse_begin_account(parse, title, err);
	case GRAMMAR_PROVIDER:
		return parse_begin_provider(parse, title, err);
	}
	return error_set(err, ERROR_BUG, "unknown kind of block");
}

static int
parse_begin_account(struct parse *parse, const char *name, struct error *err)
{
	struct config *config = parse->config;
	struct config_account *grown = realloc(config->account,
	    (config->account_count + 1) * sizeof *grown);
	struct config_account *account;

	if (grown == NULL)
		return error_no_memory(err);
	config->account = grown;
	account = &grown[config->account_count];
	account->name = strdup(name);
	if (account->name == NULL)
		return error_no_memory(err);
	settings_init(&account->settings);
	config->account_count++;
	parse->settings = &account->settings;
	return 0;
}

static int
parse_begin_provider(struct parse *parse, const char *name, struct error *err)
{
	struct config *config = parse->config;
	struct provider **grown = realloc(config->provider,
	    (config->provider_count + 1) * sizeof *grown);
	struct provider *provider;

	if (grown == NULL)
		return error_no_memory(err);
	config->provider = grown;
	provider = provider_new(name, err);
	if (provider == NULL)
		return -1;
	config->provider[config->provider_count++] = provider;
	parse->provider = provider;
	parse->settings = &provider->settings;
	return 0;
}

static int
parse_value(void *context, const char *name, const char *text,
    const char *origin, struct error *err)
{
	struct parse *parse = context;
	enum provider_field field;
	enum setting_id id;

	if (setting_find(name, &id))
		return settings_set(parse->settings, id, text, origin, err);
	if (parse->provider != NULL && provider_field_find(name, &field))
		return provider_set(parse->provider, field, text, origin, err);
	return parse_default_account(parse->config, text, origin, err);
}

/* "default-account" is the only value outside the blocks that isn't a setting.
 */
static int
parse_default_account(struct config *config, const char *text,
    const char *origin, struct error *err)
{
	config->default_account = strdup(text);
	config->default_origin = strdup(origin);
	if (config->default_account == NULL || config->default_origin == NULL)
		return error_no_memory(err);
	return 0;
}
