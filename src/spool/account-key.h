/* SPDX-License-Identifier: MIT */
#ifndef SPOOL_ACCOUNT_KEY_H
#define SPOOL_ACCOUNT_KEY_H

/*
 * What names an account in the queue: its name in the configuration and, after
 * a tab, the path of that configuration, if it is not the usual one.
 */

#include "base/error.h"

/* config_path may be NULL. NULL: ERROR_SYSTEM; ERROR_CONFIG, if the name has a
 * tab or the path can't be made absolute. The caller frees. */
char *account_key_new(const char *name, const char *config_path,
    struct error *err);

/* The parts. The path is NULL if it is the usual one; it is part of key. The
 * caller frees the name; NULL without memory. */
char *account_key_name(const char *key);
const char *account_key_config(const char *key);

#endif
