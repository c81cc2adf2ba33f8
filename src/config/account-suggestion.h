/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_ACCOUNT_SUGGESTION_H
#define CONFIG_ACCOUNT_SUGGESTION_H

/* Finds the account that a mistyped or shortened name is probably meant for. */

#include "base/error.h"
#include "config/config.h"

/*
 * Adds a hint to err that names the account block whose name, or the local part
 * of whose address, is close to wanted: "alice" for alice@example.test. Returns
 * false, without a hint, if there is none.
 */
bool account_suggestion_hint(const struct config *config, const char *wanted,
    struct error *err);

#endif
