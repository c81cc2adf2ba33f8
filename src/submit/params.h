/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_PARAMS_H
#define SUBMIT_PARAMS_H

/* Translates an account into the parameters of a session and of a request for
 * its credential. */

#include <stdbool.h>

#include "config/account.h"
#include "credential/request.h"
#include "smtp/params.h"
#include "submit/route.h"

/*
 * The parameters of a session for the account, which is borrowed; the account's
 * deadline counts from now. The caller adds the source of the secret, the
 * transcript and the observer of steps.
 */
struct smtp_params params_for_session(const struct account *account);

/* A request for the route's credential, within the account's timeout and
 * deadline, which count from now; the route is borrowed. */
struct credential_request params_for_credential(const struct route *route);

/* Returns which password a person is asked for: "app password" if the provider
 * accepts no other, else "password". */
const char *params_secret_kind(const struct account *account);

/* Whether signing in needs a password or token: there is a user, and an allowed
 * mechanism needs a secret. */
bool params_need_secret(const struct account *account);

#endif
