/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_AUTHORIZE_H
#define OAUTH2_AUTHORIZE_H

/*
 * Signing in by the system's browser: the authorization code grant for native
 * programs (RFC 8252), with PKCE (RFC 7636) and state always, and the issuer
 * checked (RFC 9207).
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "base/secret.h"

struct authorization_request {
	const char *url; /* the authorization endpoint */
	const char *client_id;
	const char *scope;         /* or NULL */
	const char *redirect_host; /* "127.0.0.1" or "localhost", as registered;
				    * the listener is at 127.0.0.1 either way */
	const char *redirect_path; /* NULL: "/"; "" for none */
	const char *issuer;        /* or NULL: not known */
	bool issuer_required;      /* the server says that it always names it */
	const char *parameters; /* more of the query, encoded already; or NULL
				 */
	const char *login_hint; /* or NULL */
	const char *account;    /* as advice names it; NULL: no advice */
	bool paste_only;        /* open no browser */
	FILE *out;              /* where people read */
	int paste_fd;           /* where a redirect URL may be typed, or -1 */
	int64_t deadline_ms;    /* base/clock.h */
	/*
	 * Exchanges the code. It is called before the browser gets its page, so
	 * that the page can tell the outcome. All arguments are borrowed.
	 */
	int (*finish)(void *context, const struct secret *code,
	    const struct secret *verifier, const char *redirect_uri,
	    struct error *err);
	void *context;
};

/*
 * Asks a person to sign in, waits for the answer, from the browser or pasted,
 * and has it finished; finish is called at most once. What isn't an answer to
 * this request is turned away, reported on out, and ends nothing.
 *
 * Fails as finish does, or with ERROR_AUTH (declined, another error of the
 * server, no answer in time), ERROR_SECURITY (the wrong issuer), ERROR_CONFIG
 * (no usable endpoint) or ERROR_SYSTEM.
 */
int authorize(const struct authorization_request *request, struct error *err);

#endif
