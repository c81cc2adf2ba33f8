/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_SETTING_TYPES_H
#define CONFIG_SETTING_TYPES_H

/* The types of the settings table: only settings.c needs to ask. */

#include "base/buf.h"
#include "base/error.h"
#include "config/settings.h"

/*
 * Adds text to out in the one form that its type has (config/settings.h says
 * which). What can't be one is ERROR_CONFIG, or ERROR_USAGE when origin begins
 * with "-"; the message names origin and, if origin doesn't, the setting. out
 * may have grown by then.
 */
int setting_canonical(const struct setting *row, const char *text,
    const char *origin, struct buf *out, struct error *err);

#endif
