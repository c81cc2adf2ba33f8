/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

/*
 * What is written in the configuration and in the registry, still as text:
 * defaults, account blocks, providers.
 */

#include <stddef.h>

#include "base/error.h"
#include "config/provider.h"
#include "config/settings.h"

struct config_account {
	char *name;
	char *origin; /* "file:line" */
	struct settings settings;
};

struct config {
	char *path; /* of the file that was read, or NULL: there was none */
	char *
	    default_account; /* setting "account" outside the blocks; or NULL */
	struct settings defaults;
	struct config_account *account;
	size_t account_count;
	struct provider *provider; /* the user's over the registry's */
	size_t provider_count;
};

/*
 * Reads the configuration: path, or the user's file, or the system's, or none,
 * and the registry. Every error says file:line and is ERROR_CONFIG. NULL on
 * failure.
 */
struct config *config_load(const char *path, struct error *err);

void config_free(struct config *config);

/* Finds an account block by name, or NULL. Borrowed. */
const struct config_account *config_find_account(
    const struct config *config, const char *name);

/*
 * Adds an account block at the end of the user's file (made if missing, mode
 * 600) with these settings; ERROR_CREATE, the file is then as before. *ret_path
 * (the caller frees) is the file.
 */
int config_add_account(const char *path, const char *name,
    const struct settings *settings, char **ret_path, struct error *err);

/* Provider of that name, of that mail domain, or with that MX; or NULL. */
const struct provider *config_find_provider(
    const struct config *config, const char *name);
const struct provider *config_provider_of_domain(
    const struct config *config, const char *domain);
const struct provider *config_provider_of_mx(
    const struct config *config, const char *mx_host);

#endif
