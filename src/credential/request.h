/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_REQUEST_H
#define CREDENTIAL_REQUEST_H

/*
 * A request for a credential: its user, server and source. Host, port and user
 * also identify the item in the keyring and the credential in git's protocol
 * (gitcredentials(7)).
 */

#include <stdbool.h>
#include <stdint.h>

/* If this variable is set, it is the source of requests without a source. */
#define CREDENTIAL_VARIABLE "POSTRIDER_PASSWORD"

struct credential_request {
	const char *account; /* the argument of "postrider login", or NULL */
	const char *host;    /* submission server */
	uint16_t port;
	const char *user;   /* user name to sign in with */
	const char *kind;   /* what a person is asked for: "app password"; NULL:
			       "password" */
	const char *source; /* the setting "credential": "keyring", "env:NAME",
			       "file:PATH", "systemd:NAME", "command:...",
			       or NULL: environment, keyring, prompt */
	const char *helper; /* the setting "credential-helper": a git
			       credential helper in place of the keyring,
			       or NULL */
	bool is_token;      /* request an OAuth2 access token: always from
			       postrider-credential, and without a prompt */
	char *const *selection; /* options that select the account in
				   postrider-credential; NULL-terminated, or
				   NULL. Borrowed until the request is
				   copied */
	int64_t min_valid_ms;   /* minimum remaining lifetime of a token; 0: the
				   account's refresh-margin */
	struct launcher *launcher; /* starts the programs; or NULL. Borrowed as
				      long as the request is used */
	bool prompt;               /* whether prompting is allowed */
	int64_t deadline_ms; /* of the answer (base/clock.h), except while a
				person is prompted */
	int64_t final_deadline_ms; /* also of a prompt; 0: none */
};

#endif
