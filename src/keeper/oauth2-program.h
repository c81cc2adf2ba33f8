/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_OAUTH2_PROGRAM_H
#define KEEPER_OAUTH2_PROGRAM_H

/*
 * Starts postrider-oauth2 for one request and waits for its answer, however
 * long that takes: postrider-oauth2 has time limits of its own. The errors are
 * those that it reports, and those of credential/program.h.
 */

#include <stdbool.h>

#include "base/error.h"
#include "credential/credential-message.h"
#include "keeper/selected-account.h"

/*
 * Runs an operation with that question, and adds its message to answer, which
 * the caller has initialised, or its text to the text. A refusal is in the
 * answer although the operation failed.
 */
int oauth2_program_ask(const struct selected_account *selected,
    const char *operation, const struct credential_message *question,
    struct credential_message *answer, struct error *err);
int oauth2_program_ask_text(const struct selected_account *selected,
    const char *operation, const struct credential_message *question,
    struct secret *text, struct error *err);

/*
 * Signs a person in. Standard input and output belong to postrider-oauth2
 * meanwhile. A SIGHUP, SIGINT or SIGTERM ends both programs, unless the tokens
 * have come by then.
 */
int oauth2_program_login(const struct selected_account *selected, bool device,
    bool paste, const struct credential_message *question,
    struct credential_message *answer, struct error *err);

#endif
