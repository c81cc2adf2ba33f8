/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_PARSE_H
#define CONFIG_PARSE_H

/* The syntax of a configuration file and of the registry, by libconfuse. */

#include <stddef.h>

#include "base/error.h"
#include "config/config.h"

/*
 * Adds what the text says to config: defaults, accounts, providers. path names
 * it in errors and origins, "path:line". ERROR_CONFIG; config then holds a part
 * and is only fit for config_free.
 */
int config_parse(struct config *config, const char *path, const char *text,
    size_t len, struct error *err);

#endif
