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

struct credential_request {
	const char *account; /* name in the configuration, or NULL */
	const char *host;    /* name of the submission server */
	uint16_t port;
	const char *user;    /* name to sign in with */
	const char *source;  /* the setting "credential": "keyring", "env:NAME",
				"file:PATH", "systemd:NAME", "command:...",
				or NULL: environment, keyring, prompt */
	const char *helper;  /* the setting "credential-helper": a git
				credential helper in place of the keyring,
				or NULL */
	bool prompt;         /* may a terminal be asked? */
	int64_t deadline_ms; /* of the whole answer (base/clock.h), a prompt
				excepted: people may think */
};

#endif
