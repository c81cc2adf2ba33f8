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

/* Whether the provider has this name, or owns this domain or host. */
typedef bool provider_test(const struct provider *provider, const char *text);

static provider_test provider_has_name;
static const struct provider *find_provider(const struct config *config,
    provider_test *test, const char *text);
static int config_find_and_read(struct config *config, const char *path,
    struct buf *text, struct error *err);
static int config_read_if_exists(struct config *config, const char *path,
    struct buf *text, struct error *err);

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
	return find_provider(config, provider_has_name, name);
}

const struct provider *
config_provider_of_domain(const struct config *config, const char *domain)
{
	const struct provider *provider =
	    find_provider(config, provider_has_domain, domain);

	return provider != NULL
	    ? provider
	    : find_provider(config, provider_has_domain_like, domain);
}

const struct provider *
config_provider_of_mx(const struct config *config, const char *mx_host)
{
	return find_provider(config, provider_has_mx, mx_host);
}

const struct provider *
config_provider_of_host(const struct config *config, const char *host)
{
	return find_provider(config, provider_has_host, host);
}

static bool
provider_has_name(const struct provider *provider, const char *name)
{
	return text_equals(provider->name, name);
}

static const struct provider *
find_provider(const struct config *config, provider_test *test,
    const char *text)
{
	for (size_t i = 0; i < config->provider_count; i++) {
		if (test(config->provider[i], text))
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
	if (result == 0 && config->path == NULL) {
		result = config_read_if_exists(config, paths_system_config(),
		    text, err);
		if (result == -1 && err->sys_errno == EACCES)
			error_hint(err,
			    "all users must be able to read this file; it "
			    "names the secrets, but doesn't contain them");
	}
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
