/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_REGISTRY_H
#define CONFIG_REGISTRY_H

/*
 * Loads the built-in providers into a configuration. An account that sets host
 * needs none of them; the others need one, so only its block is parsed.
 */

#include "base/error.h"
#include "config/config.h"

/* What a provider is searched by. */
enum registry_key {
	REGISTRY_NAME,
	REGISTRY_DOMAIN, /* a mail domain */
	REGISTRY_MX,     /* an MX host; a trailing dot is ignored */
	REGISTRY_HOST    /* a submission server */
};

/*
 * Adds the providers that the key may belong to, and completes the user's
 * provider blocks: fields that they set take precedence. config_find_provider
 * and its like then find what they would find if all providers were loaded.
 * Calling it again is harmless.
 */
int registry_load_for(struct config *config, enum registry_key key,
    const char *value, struct error *err);

/* Adds all providers, as above. Does nothing if they are loaded. */
int registry_load(struct config *config, struct error *err);

#endif
