/* SPDX-License-Identifier: MIT */
#ifndef CLI_DIAGNOSE_H
#define CLI_DIAGNOSE_H

/*
 * What a provider's refusal means and what to do. The knowledge is in
 * diagnoses.conf; the sentence decides where there is one, for one code of one
 * provider may mean five things.
 */

#include "base/error.h"
#include "config/account.h"
#include "config/config.h"

/*
 * Adds the hint that fits to an error that a server's reply caused, and
 * corrects whether trying again can help. Leaves any other error as it is.
 */
void diagnose(struct error *err, struct config *config,
    const struct account *account);

#endif
