/* SPDX-License-Identifier: MIT */
#ifndef CLI_VERB_ACCOUNT_H
#define CLI_VERB_ACCOUNT_H

/* The account that a verb is about. */

#include "base/error.h"
#include "cli/selection.h"
#include "cli/options.h"
#include "config/account.h"
#include "config/config.h"

struct verb_account {
	struct config *config;
	struct account *account;
	struct selection selection;
};

/* Harmless: no account yet. */
void verb_account_init(struct verb_account *about);
void verb_account_done(struct verb_account *about);

/*
 * Finds the account that the verb's argument names, or that has this address,
 * or the address alone where no block has it; without an argument the one that
 * POSTRIDER_ACCOUNT names, else the default. ERROR_CONFIG.
 */
int verb_account_find(struct verb_account *about, const struct options *options,
    struct error *err);

#endif
