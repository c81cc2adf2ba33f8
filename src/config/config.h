/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

/*
 * What is written in the configuration and in the registry, still as text:
 * defaults, account blocks, providers.
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
	char *path; /* of the file that was read, or NULL: there was none */
	char *default_account; /* "default-account", outside the blocks */
	char *default_origin;  /* "file:line" of it */
	struct settings defaults;
	struct config_account *account;
	size_t account_count;
	struct provider **provider; /* the user's, then the registry's */
	size_t provider_count;
	bool has_registry; /* config_load_registry was called */
};

/*
 * Reads the configuration: path, which must exist, or the user's file, or the
 * system's, or none (base/paths.h says where they are). It must belong to the
 * user or root and not be writable by anyone else. Every error says file:line
 * and is ERROR_CONFIG. NULL on failure.
 */
struct config *config_load(const char *path, struct error *err);

/*
 * Adds the registry, each provider under the fields of the user's block of the
 * same name. Costs nothing the second time. The registry is only read when a
 * provider is asked for: an account that names its host can do without.
 */
int config_load_registry(struct config *config, struct error *err);

void config_free(struct config *config);

/* Finds an account block by name, or NULL. Borrowed. */
const struct config_account *config_find_account(const struct config *config,
    const char *name);

/*
 * The block to use when nothing tells which: the one that default-account
 * names, else the one with the name "default", else the only one there is.
 * *ret_account is NULL when there is none of these. ERROR_CONFIG when
 * default-account names no block.
 */
int config_default_account(const struct config *config,
    const struct config_account **ret_account, struct error *err);

/*
 * Adds an account block at the end of the file at path, NULL: the user's. It is
 * made if missing, mode 600; the rest of it stays byte for byte as it is. A
 * file that can't be read as a configuration, or has the account already, is
 * ERROR_CONFIG; else ERROR_CREATE. On failure the file is as before. *ret_path
 * (the caller frees) is the file.
 */
int config_add_account(const char *path, const char *name,
    const struct settings *settings, char **ret_path, struct error *err);

/*
 * The provider of that name, of that mail domain, or with that MX host; NULL
 * when there is none. Borrowed until config_free. The registry is searched if
 * it was loaded.
 */
const struct provider *config_find_provider(const struct config *config,
    const char *name);
const struct provider *config_provider_of_domain(const struct config *config,
    const char *domain);
const struct provider *config_provider_of_mx(const struct config *config,
    const char *mx_host);

#endif
