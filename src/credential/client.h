/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_CLIENT_H
#define CREDENTIAL_CLIENT_H

/*
 * Fetching one credential while other work goes on: started beside the
 * connection, awaited only when AUTH needs it.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"
#include "credential/request.h"

struct credential;

/*
 * Starts to fetch. Programs (the helper, a command) are running when this
 * returns; files are read when awaited. A variable is taken now and removed
 * from the environment, so that no child inherits it: it can be had once, and
 * who tries a submission again awaits again. The request is copied. SIGPIPE
 * must be ignored. NULL on failure: a source that can't be understood is
 * ERROR_CONFIG.
 */
struct credential *credential_start(const struct credential_request *request,
    struct error *err);

/*
 * Waits for the answer. *ret_secret is borrowed until credential_free or
 * credential_renew; asking again gives the same one, but after ERROR_TEMPORARY,
 * when the source is asked again. The errors name the source and the way out:
 * ERROR_AUTH when there is no credential or the user dismissed the question,
 * ERROR_KEYRING when the keyring is locked or missing, or a program doesn't
 * answer within the deadline, ERROR_CONFIG when a named file is open to others;
 * where tokens come from, ERROR_TEMPORARY, ERROR_SECURITY and others too.
 * When the keyring has none, the terminal is asked (credential/prompt.h),
 * provided that the request allows it.
 */
int credential_await(struct credential *credential,
    const struct secret **ret_secret, struct error *err);

/* Takes the warning that came with the credential, for the user to see. Returns
 * false if there is none, or no longer. */
bool credential_take_warning(struct credential *credential,
    struct error *ret_warning);

/* When what came ends to be valid, in seconds since 1970; 0: not known. */
int64_t credential_expires_at(const struct credential *credential);

/* Whether a person typed it at the terminal, for want of another source. */
bool credential_was_typed(const struct credential *credential);

/*
 * Whether another may be had in place of one that a server refused: an access
 * token that came from postrider-credential, and once only.
 */
bool credential_may_renew(const struct credential *credential);

/*
 * Has the token forgotten that was awaited, and starts to fetch another.
 * Errors as above; the credential is then of no more use.
 */
int credential_renew(struct credential *credential, struct error *err);

/*
 * Hands the secret to the keyring helper to be kept for the request's host,
 * port and user. Errors as above.
 */
int credential_store(const struct credential_request *request,
    const struct secret *secret, struct error *err);

/*
 * Has the keyring helper forget what it keeps for the request: that secret, or
 * with NULL any. Errors as above.
 */
int credential_erase(const struct credential_request *request,
    const struct secret *secret, struct error *err);

/* Wipes, and ends what is still running. Accepts NULL. */
void credential_free(struct credential *credential);

#endif
