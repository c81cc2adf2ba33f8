/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_KEEPER_H
#define CREDENTIAL_KEEPER_H

/*
 * What postrider-credential is told and asked besides a credential itself:
 * signing a person in and out, and how things stand. The request's selection
 * says which account; its deadline counts for keeper_status alone, for a person
 * may think. The errors are credential_await's.
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
 * Signs a person in: postrider-credential has our standard input and output to
 * itself until it ends; where is_quiet, what it says goes to standard error.
 * more are further words, NULL-ended, or NULL. A signal that ends us ends both.
 */
int keeper_login(const struct credential_request *request, char *const *more,
    bool is_quiet, struct error *err);

/* Forgets what is kept. What was done is added to said, for people. */
int keeper_logout(const struct credential_request *request, struct buf *said,
    struct error *err);

/*
 * Signs in by POP3 with the secret, and out again; see cli/pop-first.h for the
 * errors. The request's deadline counts.
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
	bool is_refreshable; /* another can be had without a person */
	char refusal[KEEPER_TEXT_SIZE]; /* why no token is given any more, or
					   "" */
};

/* Asks neither a person nor the network. */
int keeper_status(const struct credential_request *request,
    struct keeper_status *ret_status, struct error *err);

#endif
