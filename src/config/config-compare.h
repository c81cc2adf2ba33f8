/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CONFIG_COMPARE_H
#define CONFIG_CONFIG_COMPARE_H

/* Checks that a change of a configuration changed nothing else. */

#include <stdbool.h>

#include "config/config-scan.h"
#include "config/config.h"

/*
 * Whether two configurations are the same except for the setting at place; if
 * place names none, except that an account block is added at the end and
 * default-account may differ. Lines don't matter.
 */
bool config_compare(const struct config *before, const struct config *after,
    const struct config_place *place);

#endif
