/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_KEEPER_H
#define CREDENTIAL_KEEPER_H

/*
 * The helper programs' operations other than getting, storing and erasing a
 * credential. The request's selection names the account. Its deadline applies
 * to keeper_status, keeper_check and keeper_pop only: a person takes time to
 * sign in. Errors as credential_await.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/secret.h"
#include "credential/request.h"

enum {
	KEEPER_TEXT_SIZE = 256
};

/*
 * Signs a person in: postrider-credential uses our standard input and output
 * until it ends; if is_quiet, its output goes to standard error. more is a
 * NULL-terminated list of further options, or NULL. A signal ends both
 * programs.
 */
int keeper_login(const struct credential_request *request, char *const *more,
    bool is_quiet, struct error *err);

/*
 * Tries whether postrider-credential can store a credential. more is a
 * NULL-terminated list of further options, or NULL.
 */
int keeper_check(const struct credential_request *request, char *const *more,
    struct error *err);

/* Erases the stored credentials, and adds the text of the result to report. */
int keeper_logout(const struct credential_request *request, struct buf *report,
    struct error *err);

/*
 * Runs postrider-oauth2 to sign in to the POP3 server with the secret and quit.
 * ERROR_AUTH if the server refused it; ERROR_SECURITY if TLS failed, before the
 * secret was sent; ERROR_TEMPORARY if a retry may succeed.
 */
int keeper_pop(const struct credential_request *request,
    const struct secret *secret, struct error *err);

enum keeper_kind {
	KEEPER_HAS_NOTHING,
	KEEPER_HAS_PASSWORD,
	KEEPER_HAS_TOKENS
};

struct keeper_status {
	enum keeper_kind kind;
	int64_t expires_at;  /* of the access token, seconds since 1970; or 0 */
	bool is_refreshable; /* it can be renewed without the user */
	char refusal[KEEPER_TEXT_SIZE]; /* why the sign-in has ended, or "" */
};

/* Gets what is stored. Never prompts, and doesn't use the network. */
int keeper_status(const struct credential_request *request,
    struct keeper_status *ret_status, struct error *err);

#endif
