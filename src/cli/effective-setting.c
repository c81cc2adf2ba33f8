/* SPDX-License-Identifier: MIT */
/*
 * Asks account_resolve for the values, and the layers for their origins.
 */
#include "cli/effective-setting.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "config/value-list.h"

enum {
	VALUE_SIZE = 4096
};

static const char *written_value(const struct effective_source *source,
    enum setting_id id, const char **ret_origin);
static bool is_from_provider(const struct account *account, enum setting_id id);

int
effective_source_init(struct effective_source *source, struct config *config,
    const struct config_account *block, struct error *err)
{
	struct account_query query = {.offline = true};
	struct settings no_flags;
	struct error unusable;

	*source = (struct effective_source){.config = config, .block = block};
	if (settings_from_environment(&source->environment, err) == -1)
		return -1;
	if (block == NULL)
		return 0;
	settings_init(&no_flags);
	query.name = block->name;
	query.flags = &no_flags;
	source->account = account_resolve(config, &query, &unusable);
	settings_done(&no_flags);
	if (source->account != NULL || unusable.code != ERROR_SYSTEM)
		return 0;
	*err = unusable;
	return -1;
}

void
effective_source_done(struct effective_source *source)
{
	account_free(source->account);
	settings_done(&source->environment);
}

void
effective_setting_find(const struct effective_source *source,
    enum setting_id id, struct effective_setting *ret_setting)
{
	const struct account *account = source->account;
	const char *origin = "default";
	const char *value = written_value(source, id, &origin);
	char provider[EFFECTIVE_ORIGIN_SIZE];

	if (value == NULL && account != NULL && is_from_provider(account, id)) {
		snprintf(provider, sizeof provider, "provider %s",
		    account->provider->name);
		origin = provider;
	}
	if (account != NULL)
		value = account->text[id];
	else if (value == NULL)
		value = setting_row(id)->fallback;
	ret_setting->value = value != NULL && *value != '\0' ? value : NULL;
	snprintf(ret_setting->origin, sizeof ret_setting->origin, "%s", origin);
}

void
effective_setting_show(enum setting_id id, const char *value, char *out,
    size_t out_size)
{
	static const char command[] = "command:";
	bool is_command = (id == SETTING_CREDENTIAL_ENCRYPT ||
			      id == SETTING_CREDENTIAL_DECRYPT) &&
	    strcmp(value, "plain-text") != 0;

	if (is_command || text_has_prefix(value, command)) {
		snprintf(out, out_size, "%s(hidden)",
		    is_command ? "" : command);
		return;
	}
	snprintf(out, out_size, "%s", value);
}

bool
effective_setting_is_list(enum setting_id id)
{
	return setting_type_is_list(setting_row(id)->type);
}

void
effective_setting_add_json(struct json *json, const char *value, bool is_list)
{
	const char *element;
	char text[VALUE_SIZE];
	size_t len;

	if (value == NULL || !is_list) {
		json_text(json, "value", value);
		return;
	}
	json_open(json, "value", '[');
	while (value_list_next(&value, &element, &len)) {
		snprintf(text, sizeof text, "%.*s", (int)len, element);
		json_text(json, NULL, text);
	}
	json_close(json, ']');
}

/* In the order of precedence. */
static const char *
written_value(const struct effective_source *source, enum setting_id id,
    const char **ret_origin)
{
	const struct settings *const layers[] = {&source->environment,
	    source->block != NULL ? &source->block->settings : NULL,
	    &source->config->defaults};

	for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
		if (layers[i] != NULL && layers[i]->text[id] != NULL) {
			*ret_origin = layers[i]->origin[id];
			return layers[i]->text[id];
		}
	}
	return NULL;
}

static bool
is_from_provider(const struct account *account, enum setting_id id)
{
	const struct provider *provider = account->provider;

	if (provider == NULL || account->text[id] == NULL)
		return false;
	return id == SETTING_HOST ||
	    (provider->settings.text[id] != NULL &&
		strcmp(provider->settings.text[id], account->text[id]) == 0);
}
