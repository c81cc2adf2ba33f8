/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_ACCOUNT_REFUSE_H
#define CONFIG_ACCOUNT_REFUSE_H

/* Errors about the choice of an account. */

#include "base/error.h"
#include "config/config.h"

/*
 * Set ERROR_CONFIG for a name that no block has, and for a message that no
 * account is selected for because none of them is the default; address is the
 * sender's or NULL. The hint names the accounts. Always return -1.
 */
int account_refuse_unknown(const struct config *config, const char *name,
    struct error *err);
int account_refuse_no_default(const struct config *config, const char *address,
    struct error *err);

/* Sets the hint to use one of the accounts while no name server answers.
 * Returns -1. */
int account_refuse_hint_network(const struct config *config, struct error *err);

#endif
