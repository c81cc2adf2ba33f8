/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_SETTING_TYPES_H
#define CONFIG_SETTING_TYPES_H

/* Checks the value of a setting by its type. For settings.c only. */

#include "base/buf.h"
#include "base/error.h"
#include "config/settings.h"

/*
 * Adds the canonical form of text (config/settings.h) to out. ERROR_CONFIG if
 * text isn't valid for the type, or ERROR_USAGE if origin begins with "-"; the
 * message names origin and the setting. out may contain a part then.
 */
int setting_canonical(const struct setting *row, const char *text,
    const char *origin, struct buf *out, struct error *err);

#endif
