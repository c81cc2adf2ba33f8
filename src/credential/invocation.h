/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_INVOCATION_H
#define CREDENTIAL_INVOCATION_H

/*
 * The command line of a helper program: postrider-credential, unless a git
 * credential helper takes its place (credential/git-helper.h), or
 * postrider-oauth2.
 */

#include <stdbool.h>

#include "base/error.h"
#include "credential/git-helper.h"
#include "credential/program.h"
#include "credential/request.h"

#define INVOCATION_KEEPER "postrider-credential"
#define INVOCATION_OAUTH2 "postrider-oauth2"

enum {
	INVOCATION_NAME_SIZE = GIT_HELPER_NAME_SIZE
};

/* The lists are NULL-terminated or NULL. All members are borrowed. */
struct invocation {
	const char *program; /* one of the above */
	char *const *selection;
	const char *operation;
	char *const *more;                      /* words after the operation */
	const struct credential_message *input; /* or NULL */
	bool is_interactive;
	bool is_quiet; /* see credential_program_start_interactive */
};

/* ERROR_CONFIG if this build has no such program. */
int invocation_check(const char *program, struct error *err);

/*
 * Starts a helper program, by credential_program_start or _start_interactive.
 * ERROR_CONFIG if the directory of the programs is not an absolute path;
 * or this build lacks the program; ERROR_KEYRING if postrider-credential,
 * ERROR_SYSTEM if postrider-oauth2 can't be executed.
 */
int invocation_start(const struct invocation *invocation,
    struct credential_program *program, struct error *err);

/* Whether postrider-credential is called for the request. */
bool invocation_is_keeper(const struct credential_request *request);

/* Writes the name for messages of the program that the request is for. */
void invocation_name(const struct credential_request *request,
    char out[INVOCATION_NAME_SIZE]);

/* Sets the error of a program that ended with a status other than 0. Always
 * returns -1. */
int invocation_explain(const struct credential_request *request,
    const struct credential_program *program, int status, struct error *err);

#endif
