/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_AUTHORIZE_H
#define OAUTH2_AUTHORIZE_H

/*
 * Signs a person in with the system's browser: the authorization code grant for
 * native applications (RFC 8252), always with PKCE (RFC 7636) and state. The
 * issuer is checked (RFC 9207).
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "base/secret.h"
#include "config/endpoint-failure.h"

struct authorization_request {
	const char *url; /* the authorization endpoint */
	const char *client_id;
	const char *scope;         /* or NULL */
	const char *redirect_host; /* "127.0.0.1" or "localhost", as registered;
				    * the listener is at 127.0.0.1 either way */
	const char *redirect_path; /* NULL: "/"; "" for none */
	const char *issuer;        /* or NULL: unknown */
	bool issuer_required;      /* the server always sends it */
	const char *parameters;    /* appended to the query, encoded; or NULL */
	const char *login_hint;    /* or NULL */
	const struct endpoint_request *failing; /* for hints; NULL: none */
	bool paste_only;                        /* don't open a browser */
	FILE *out;           /* for instructions to the person */
	int paste_fd;        /* where a redirect URL can be pasted, or -1 */
	int64_t deadline_ms; /* base/clock.h */
	/*
	 * Exchanges the code for tokens. It is called before the result page is
	 * sent, so that the page can report the outcome. All arguments are
	 * borrowed.
	 */
	int (*finish)(void *context, const struct secret *code,
	    const struct secret *verifier, const char *redirect_uri,
	    struct error *err);
	void *context;
};

/*
 * Asks a person to sign in, waits for the redirect from the browser or from
 * paste_fd, and calls finish at most once. A redirect that doesn't belong to
 * this request is rejected and reported on out; waiting continues.
 *
 * Fails with the error of finish, with ERROR_AUTH (declined, another error from
 * the server, timeout), ERROR_SECURITY (wrong issuer), ERROR_CONFIG (unusable
 * endpoint) or ERROR_SYSTEM.
 */
int authorize(const struct authorization_request *request, struct error *err);

#endif
