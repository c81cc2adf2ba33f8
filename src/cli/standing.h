/* SPDX-License-Identifier: MIT */
#ifndef CLI_STANDING_H
#define CLI_STANDING_H

/*
 * How an account signs in, and whether its credential is there: without asking
 * a person, a server, or the secret itself.
 */

#include <stdbool.h>
#include <stdint.h>

#include "cli/selection.h"
#include "config/account.h"

enum {
	STANDING_TEXT_SIZE = 256
};

struct standing {
	const char *auth;  /* "oauth2", "password", "certificate", "none" */
	const char *state; /* a word for programs: "kept", "missing", ... */
	char credential[STANDING_TEXT_SIZE]; /* the source, as it is written;
						of a command its kind only */
	char words[2 * STANDING_TEXT_SIZE];  /* the state, for people */
	int64_t expires_at; /* of the token, seconds since 1970; or 0 */
};

/*
 * Finds out. The selection says the account to postrider-credential, which has
 * until the deadline; has_password is whether POSTRIDER_PASSWORD was set when
 * this program began.
 */
void standing_find(struct standing *standing, const struct account *account,
    const struct selection *selection, bool has_password, int64_t deadline_ms);

#endif
