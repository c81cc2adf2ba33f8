/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_REQUEST_H
#define CREDENTIAL_REQUEST_H

/*
 * What is asked of a credential source: whose credential, for which server,
 * from where. The same attributes name an item in the keyring and are the lines
 * of git's credential protocol (gitcredentials(7)).
 */

#include <stdbool.h>
#include <stdint.h>

/* The source of a request without one, when this variable is set. */
#define CREDENTIAL_VARIABLE "POSTRIDER_PASSWORD"

struct credential_request {
	const char *account; /* what "postrider login" calls it, or NULL */
	const char *host;    /* name of the submission server */
	uint16_t port;
	const char *user;   /* name to sign in with */
	const char *source; /* the setting "credential": "keyring", "env:NAME",
			       "file:PATH", "systemd:NAME", "command:...",
			       or NULL: environment, keyring, prompt */
	const char *helper; /* the setting "credential-helper": a git
			       credential helper in place of the keyring,
			       or NULL */
	bool is_token;      /* an access token is wanted (OAuth2): only
			       postrider-credential keeps those, whatever
			       helper says, and no terminal is asked */
	char *const *selection; /* words that tell postrider-credential which
				account it is; NULL-ended, or NULL. Borrowed
				until the request is copied */
	int64_t min_valid_ms;   /* how long a token must be valid yet; 0: as
				  postrider-credential thinks fit */
	bool prompt;            /* may a terminal be asked? */
	int64_t deadline_ms;    /* of the whole answer (base/clock.h), a prompt
				   excepted: people may think */
};

#endif
