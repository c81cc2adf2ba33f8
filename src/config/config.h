/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

/*
 * The contents of the configuration file and of the provider registry: the
 * defaults, the account blocks and the providers. config/account.h resolves
 * them to one account.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/provider.h"
#include "config/settings.h"

struct config_account {
	char *name;
	struct settings settings;
};

struct config {
	char *path;            /* of the file that was read, or NULL */
	char *default_account; /* value of "default-account", or NULL */
	char *default_origin;  /* its place, "file:line" */
	struct settings defaults;
	struct config_account *account;
	size_t account_count;
	struct provider **provider; /* the file's, then the registry's */
	size_t provider_count;
	bool has_registry; /* registry_load has succeeded */
};

/*
 * Reads the configuration file: path, which must exist; if path is NULL, the
 * user's file, else the system's (base/paths.h). If neither exists, the
 * configuration is empty. The file must belong to the user or root, and no one
 * else may be able to write to it. NULL on failure: ERROR_CONFIG; a message
 * about the contents begins with "file:line".
 */
struct config *config_load(const char *path, struct error *err);

void config_free(struct config *config);

/* Finds an account block by name. NULL if there is none. Borrowed. */
const struct config_account *config_find_account(const struct config *config,
    const char *name);

/*
 * Finds the block to use if none is named and no address matches: that of
 * default-account, else the block "default", else the only block. *ret_account
 * is NULL if there is none. ERROR_CONFIG if default-account names a block that
 * doesn't exist.
 */
int config_default_account(const struct config *config,
    const struct config_account **ret_account, struct error *err);

/*
 * Find the provider by name, by mail domain, by MX host, or by its server. NULL
 * if there is none. Borrowed until config_free. They search what is loaded of
 * the registry (config/registry.h).
 */
const struct provider *config_find_provider(const struct config *config,
    const char *name);
const struct provider *config_provider_of_domain(const struct config *config,
    const char *domain);
const struct provider *config_provider_of_mx(const struct config *config,
    const char *mx_host);
const struct provider *config_provider_of_host(const struct config *config,
    const char *host);

#endif
