/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_PARSE_H
#define CONFIG_PARSE_H

/* Parses a configuration file or the provider registry. */

#include <stddef.h>

#include "base/error.h"
#include "config/config.h"

/*
 * Adds the defaults, accounts and providers of the text to config. Errors and
 * origins name the place as "path:line". ERROR_CONFIG; config is then
 * incomplete and must be freed.
 */
int config_parse(struct config *config, const char *path, const char *text,
    size_t len, struct error *err);

#endif
