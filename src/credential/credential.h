/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_CREDENTIAL_H
#define CREDENTIAL_CREDENTIAL_H

/*
 * Fetches a credential in parallel to other work: credential_start starts it
 * before the connection is opened, credential_await waits when AUTH needs it.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"
#include "credential/request.h"

struct credential;

/*
 * Starts to fetch a credential. A helper or command runs when this returns;
 * files are read by credential_await. An environment variable is read now and
 * removed, so that no child inherits it; for a second attempt, keep the struct
 * and await again. Copies the request. SIGPIPE must be ignored. NULL on
 * failure; ERROR_CONFIG if the source is invalid.
 */
struct credential *credential_start(const struct credential_request *request,
    struct error *err);

/*
 * Waits for the credential. *ret_secret is borrowed until credential_free or
 * credential_renew. Another call returns the same result, except that after
 * ERROR_TEMPORARY it fetches again. If the keyring has no password and the
 * request allows it, prompts at the terminal (credential/prompt.h).
 *
 * The message names the source. ERROR_AUTH: there is no credential, or the user
 * dismissed the prompt. ERROR_KEYRING: the keyring is locked or missing, or a
 * program exceeded the deadline. ERROR_CONFIG: other users have access to the
 * file. ERROR_TEMPORARY, ERROR_SECURITY and others: the token endpoint failed.
 */
int credential_await(struct credential *credential,
    const struct secret **ret_secret, struct error *err);

/* Takes the warning that came with the credential, for the user to see. Returns
 * false if there is none, or no longer. */
bool credential_take_warning(struct credential *credential,
    struct error *ret_warning);

/* When the credential expires, in seconds since 1970; 0 if unknown. */
int64_t credential_expires_at(const struct credential *credential);

/* Whether the password was entered at the prompt. */
bool credential_is_from_prompt(const struct credential *credential);

/*
 * Whether credential_renew may be called after the server refused the
 * credential: once, for an access token of postrider-credential.
 */
bool credential_may_renew(const struct credential *credential);

/* Lets credential_renew start programs by the launcher of the request, if there
 * is one. Errors of launcher_register. */
int credential_prepare_renewal(struct credential *credential,
    struct error *err);

/*
 * Erases the access token that was awaited, and starts to fetch a new one.
 * Errors as credential_await; the credential must then be freed.
 */
int credential_renew(struct credential *credential, struct error *err);

/* Tries whether credential_store would succeed; stores nothing. Errors as
 * credential_await. */
int credential_check_store(const struct credential_request *request,
    struct error *err);

/*
 * Stores the secret for the request's host, port and user in the keyring, or in
 * the request's helper. Errors as credential_await.
 */
int credential_store(const struct credential_request *request,
    const struct secret *secret, struct error *err);

/*
 * Erases the stored secret for the request: if secret is not NULL, only if it
 * is that one. Errors as credential_await.
 */
int credential_erase(const struct credential_request *request,
    const struct secret *secret, struct error *err);

/* Wipes and removes the environment variables that a request with this source,
 * which may be NULL, would read. For a process that needs no credential. */
void credential_forget_variables(const char *source);

/* Wipes the secret, and ends a program that is still running. Accepts NULL. */
void credential_free(struct credential *credential);

#endif
