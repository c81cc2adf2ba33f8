/* SPDX-License-Identifier: MIT */
#ifndef CLI_EFFECTIVE_SETTING_H
#define CLI_EFFECTIVE_SETTING_H

/* The value that a setting has for an account, and where it comes from. */

#include <stdbool.h>

#include "base/error.h"
#include "report/json.h"
#include "config/account.h"
#include "config/config.h"

enum {
	EFFECTIVE_ORIGIN_SIZE = 512
};

/* What the values are taken from. */
struct effective_source {
	const struct config *config;
	const struct config_account *block; /* NULL: outside the blocks */
	struct settings environment;
	struct account *account; /* of the block; NULL if it can't be used */
};

struct effective_setting {
	const char *value; /* in canonical form; NULL: not set */
	char origin[EFFECTIVE_ORIGIN_SIZE]; /* "file:line", the name of a
		variable, "provider gmail" or "default" */
};

/*
 * Prepares the values of a block, or of those outside the blocks. Makes no DNS
 * request. An account that can't be used isn't an error: only what is written
 * is known then. Fails if a variable is invalid.
 */
int effective_source_init(struct effective_source *source,
    struct config *config, const struct config_account *block,
    struct error *err);
void effective_source_done(struct effective_source *source);

void effective_setting_find(const struct effective_source *source,
    enum setting_id id, struct effective_setting *ret_setting);

/* Copies a value as it may be shown to others: commands are hidden, because
 * they may contain a secret. */
void effective_setting_show(enum setting_id id, const char *value, char *out,
    size_t out_size);

/* Whether the value of a setting is a list. */
bool effective_setting_is_list(enum setting_id id);

/* Adds the member "value": a text, a list of texts, or null. */
void effective_setting_add_json(struct json *json, const char *value,
    bool is_list);

#endif
