/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_KEEPER_H
#define CREDENTIAL_KEEPER_H

/*
 * The helper programs' operations other than getting, storing and erasing a
 * credential. The request's selection names the account. Its deadline applies
 * to keeper_status, keeper_check, keeper_pop and keeper_look only: a person
 * takes time to sign in. Errors as credential_await.
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

enum keeper_found {
	KEEPER_FOUND_NOTHING,
	KEEPER_FOUND_COPY,    /* that a mail program may have put there */
	KEEPER_FOUND_ACCEPTED /* a mail server has put it there */
};

struct keeper_look {
	enum keeper_found found;
	char mailbox[KEEPER_TEXT_SIZE]; /* where it looked; printable */
};

/*
 * Runs postrider-oauth2 to look for a message by IMAP in the mailbox of sent
 * mail, with a password or, if the request is for a token, an access token.
 * Errors as keeper_pop; ERROR_CONFIG if there is no IMAP server or mailbox.
 */
int keeper_look(const struct credential_request *request,
    const struct secret *secret, const char *message_id,
    struct keeper_look *ret_look, struct error *err);

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
