/* SPDX-License-Identifier: MIT */
/*
 * Finds and reads the configuration file, and searches its contents. parse.c
 * knows the syntax, account.c the meaning of the settings.
 */
#include "config/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "config/config-file.h"
#include "config/parse.h"
#include "base/paths.h"
#include "config/providers.h"

static int config_find_and_read(struct config *config, const char *path,
    struct buf *text, struct error *err);
static int config_read_if_exists(struct config *config, const char *path,
    struct buf *text, struct error *err);
static int config_add_provider(struct config *config,
    struct provider **provider, struct error *err);
static struct provider *config_provider_named(const struct config *config,
    const char *name);

struct config *
config_load(const char *path, struct error *err)
{
	struct config *config = calloc(1, sizeof *config);
	struct buf text;

	if (config == NULL) {
		error_no_memory(err);
		return NULL;
	}
	buf_init(&text, CONFIG_FILE_MAX);
	if (config_find_and_read(config, path, &text, err) == -1 ||
	    (config->path != NULL &&
		config_parse(config, config->path, buf_text(&text), text.len,
		    err) == -1)) {
		config_free(config);
		config = NULL;
	}
	buf_done(&text);
	return config;
}

int
config_load_registry(struct config *config, struct error *err)
{
	struct config *registry;
	int result = -1;

	if (config->has_registry)
		return 0;
	registry = calloc(1, sizeof *registry);
	if (registry == NULL)
		return error_no_memory(err);
	if (config_parse(registry, "providers.conf", providers_text,
		strlen(providers_text), err) == -1)
		goto out;
	for (size_t i = 0; i < registry->provider_count; i++) {
		if (config_add_provider(config, &registry->provider[i], err) ==
		    -1)
			goto out;
	}
	config->has_registry = true;
	result = 0;
out:
	config_free(registry);
	return result;
}

void
config_free(struct config *config)
{
	if (config == NULL)
		return;
	for (size_t i = 0; i < config->account_count; i++) {
		free(config->account[i].name);
		settings_done(&config->account[i].settings);
	}
	for (size_t i = 0; i < config->provider_count; i++)
		provider_free(config->provider[i]);
	settings_done(&config->defaults);
	free(config->account);
	free(config->provider);
	free(config->default_account);
	free(config->default_origin);
	free(config->path);
	free(config);
}

const struct config_account *
config_find_account(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->account_count; i++) {
		if (strcmp(config->account[i].name, name) == 0)
			return &config->account[i];
	}
	return NULL;
}

int
config_default_account(const struct config *config,
    const struct config_account **ret_account, struct error *err)
{
	const struct config_account *account;

	if (config->default_account != NULL) {
		account = config_find_account(config, config->default_account);
		if (account == NULL)
			return error_set(err, ERROR_CONFIG,
			    "%s: default-account: no account block \"%s\"",
			    config->default_origin, config->default_account);
	} else {
		account = config_find_account(config, "default");
		if (account == NULL && config->account_count == 1)
			account = &config->account[0];
	}
	*ret_account = account;
	return 0;
}

const struct provider *
config_find_provider(const struct config *config, const char *name)
{
	return config_provider_named(config, name);
}

const struct provider *
config_provider_of_domain(const struct config *config, const char *domain)
{
	for (size_t i = 0; i < config->provider_count; i++) {
		if (provider_has_domain(config->provider[i], domain))
			return config->provider[i];
	}
	for (size_t i = 0; i < config->provider_count; i++) {
		if (provider_has_domain_like(config->provider[i], domain))
			return config->provider[i];
	}
	return NULL;
}

const struct provider *
config_provider_of_mx(const struct config *config, const char *mx_host)
{
	for (size_t i = 0; i < config->provider_count; i++) {
		if (provider_has_mx(config->provider[i], mx_host))
			return config->provider[i];
	}
	return NULL;
}

const struct provider *
config_provider_of_host(const struct config *config, const char *host)
{
	for (size_t i = 0; i < config->provider_count; i++) {
		const char *own =
		    config->provider[i]->settings.text[SETTING_HOST];

		if (own != NULL && text_equals(own, host))
			return config->provider[i];
	}
	return NULL;
}

static int
config_find_and_read(struct config *config, const char *path, struct buf *text,
    struct error *err)
{
	struct error no_home;
	char *user_path;
	int result = 0;

	if (path != NULL) {
		result = config_read_if_exists(config, path, text, err);
		return config->path != NULL ? result : -1;
	}
	user_path = paths_user_config(&no_home);
	if (user_path != NULL)
		result = config_read_if_exists(config, user_path, text, err);
	free(user_path);
	if (result == 0 && config->path == NULL)
		result = config_read_if_exists(config, paths_system_config(),
		    text, err);
	return result;
}

static int
config_read_if_exists(struct config *config, const char *path, struct buf *text,
    struct error *err)
{
	struct stat status;

	if (config_file_read(path, text, &status, err) == -1)
		return err->sys_errno == ENOENT || err->sys_errno == ENOTDIR
		    ? 0
		    : -1;
	config->path = strdup(path);
	return config->path != NULL ? 0 : error_no_memory(err);
}

/* Moves a provider of the registry to config, or the fields that the user's
 * block of that name doesn't set. */
static int
config_add_provider(struct config *config, struct provider **provider,
    struct error *err)
{
	struct provider *known =
	    config_provider_named(config, (*provider)->name);
	struct provider **grown;

	if (known != NULL) {
		provider_fill(known, *provider);
		return 0;
	}
	grown = realloc(config->provider,
	    (config->provider_count + 1) * sizeof *grown);
	if (grown == NULL)
		return error_no_memory(err);
	config->provider = grown;
	config->provider[config->provider_count++] = *provider;
	*provider = NULL;
	return 0;
}

static struct provider *
config_provider_named(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->provider_count; i++) {
		if (text_equals(config->provider[i]->name, name))
			return config->provider[i];
	}
	return NULL;
}
