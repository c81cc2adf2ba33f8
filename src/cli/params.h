/* SPDX-License-Identifier: MIT */
#ifndef CLI_PARAMS_H
#define CLI_PARAMS_H

/* From an account to what a session may know. */

#include <stdbool.h>
#include <stdint.h>

#include "cli/selection.h"
#include "config/account.h"
#include "credential/request.h"
#include "smtp/params.h"

/*
 * The parameters of a session for the account, which is borrowed; nothing is
 * begun after deadline_ms. The secret's source and the transcript are the
 * caller's to add.
 */
struct smtp_params params_for_session(const struct account *account,
    int64_t deadline_ms);

/* Whether the account can be used at all: ERROR_CONFIG when it allows a sign-in
 * mechanism that nobody knows. */
int params_check(const struct account *account, struct error *err);

/*
 * What is asked of the credential source, within the account's time limit. The
 * selection says the account to postrider-credential; it is borrowed.
 */
struct credential_request params_for_credential(const struct account *account,
    const struct selection *selection);

/* Whether signing in to the account takes a password or token: not without a
 * user, nor when every mechanism allowed does without. */
bool params_need_secret(const struct account *account);

#endif
