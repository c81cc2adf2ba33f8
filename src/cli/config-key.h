/* SPDX-License-Identifier: MIT */
#ifndef CLI_CONFIG_KEY_H
#define CLI_CONFIG_KEY_H

/* The argument [ACCOUNT.]NAME of "postrider config". */

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"

struct config_key {
	const char *text;                     /* as it was given */
	const struct config_account *account; /* NULL: outside the blocks */
	const char *name;        /* of the setting; borrowed from text */
	bool is_default_account; /* the setting default-account: no id */
	enum setting_id id;
};

/*
 * Finds the setting, and the account by its name or address, which may contain
 * dots. ERROR_USAGE if there is no such setting; ERROR_CONFIG if there is no
 * such account.
 */
int config_key_parse(const struct config *config, const char *text,
    struct config_key *ret_key, struct error *err);

/* Whether the value of the setting is a list. */
bool config_key_is_list(const struct config_key *key);

/* ERROR_USAGE if the setting can't be written there: provider, outside the
 * account blocks. */
int config_key_check_place(const struct config_key *key, struct error *err);

#endif
