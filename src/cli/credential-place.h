/* SPDX-License-Identifier: MIT */
#ifndef CLI_CREDENTIAL_PLACE_H
#define CLI_CREDENTIAL_PLACE_H

/*
 * Describes where an account's credential comes from and whether it is there.
 * Prompts for nothing, does not connect, and reads no secret.
 */

#include <stdbool.h>
#include <stdint.h>

#include "submit/route.h"

enum {
	CREDENTIAL_PLACE_TEXT_SIZE = 256
};

enum credential_place_kind {
	CREDENTIAL_PLACE_VARIABLE,
	CREDENTIAL_PLACE_FILE,
	CREDENTIAL_PLACE_SYSTEMD,
	CREDENTIAL_PLACE_COMMAND,
	/* Those that login stores in: */
	CREDENTIAL_PLACE_HELPER,
	CREDENTIAL_PLACE_DIRECTORY,
	CREDENTIAL_PLACE_KEYRING,
	CREDENTIAL_PLACE_KIND_COUNT
};

struct credential_place {
	enum credential_place_kind kind;
	bool has_variable;
	const char *argument; /* the variable, file ...; borrowed, or NULL */
	char setting[CREDENTIAL_PLACE_TEXT_SIZE]; /* as the setting credential
						     has it; without the
						     command, which may hold a
						     secret */
	char name[CREDENTIAL_PLACE_TEXT_SIZE];    /* "the file ~/.password" */
};

/* Whether the variable POSTRIDER_PASSWORD is set. */
bool credential_place_has_variable(void);

/*
 * Finds the place. has_variable is whether POSTRIDER_PASSWORD was set when the
 * program started: children do not inherit it, and it is removed when one is
 * started.
 */
void credential_place_find(struct credential_place *place,
    const struct account *account, bool has_variable);

/* Whether login stores the credential there and logout deletes it. */
bool credential_place_is_ours(const struct credential_place *place);

struct credential_state {
	const char *state; /* for programs: "kept", "missing" ... */
	char text[2 * CREDENTIAL_PLACE_TEXT_SIZE]; /* for people */
	int64_t expires_at; /* of the token, seconds since 1970; or 0 */
};

/*
 * Finds out whether the credential is there. postrider-credential must answer
 * by the deadline. Cannot fail: the state is "unknown" after an error.
 */
void credential_place_look(const struct credential_place *place,
    const struct route *route, int64_t deadline_ms,
    struct credential_state *state);

#endif
