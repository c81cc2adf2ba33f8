/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CONFIG_CHANGE_H
#define CONFIG_CONFIG_CHANGE_H

/*
 * Changes a configuration file in place. Each change is made under a lock, is
 * checked, and replaces the file at once: of many processes none undoes the
 * change of another, and a reader never sees half a file. Owner, group and mode
 * stay; a symbolic link stays one. A new file gets mode 600.
 *
 * path is that of the file or NULL, the user's. *ret_path is the path of the
 * file that was changed; the caller frees it. On failure the file is unchanged.
 * ERROR_CONFIG, with "file:line", if the file isn't valid before or after;
 * ERROR_CREATE if it can't be written; ERROR_TEMPORARY if the lock isn't
 * released in time.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/settings.h"

/*
 * Sets a setting of an account block, or outside the blocks if account is NULL,
 * where name may also be default-account. is_list: the elements are joined with
 * "\n". ERROR_CONFIG also if there is no such block.
 */
int config_set(const char *path, const char *account, const char *name,
    const char *value, bool is_list, char **ret_path, struct error *err);

/* Removes a setting. *ret_found is whether it was set there. */
int config_unset(const char *path, const char *account, const char *name,
    bool *ret_found, char **ret_path, struct error *err);

/*
 * Appends an account block. If path is NULL and the user has no file, the new
 * one begins with a copy of the system's, which it replaces. If the block is
 * the second one and none is the default (config_default_account), the first
 * becomes default-account, so that what was the only account stays the default;
 * *ret_default is then its name, which the caller frees, else NULL.
 * ERROR_CONFIG also if the account exists.
 */
int config_add_account(const char *path, const char *name,
    const struct settings *settings, char **ret_path, char **ret_default,
    struct error *err);

/*
 * Replaces the whole text. ERROR_CONFIG if the text isn't valid or the file is
 * no longer what before says.
 */
int config_replace(const char *path, const char *before, const char *after,
    char **ret_path, struct error *err);

/* Checks a text that could become the file at path. ERROR_CONFIG, with
 * "path:line". */
int config_check(const char *path, const char *text, struct error *err);

#endif
