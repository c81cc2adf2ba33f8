/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_INVOCATION_H
#define CREDENTIAL_INVOCATION_H

/*
 * The command line of a helper program: postrider-credential, unless a git
 * credential helper takes its place (credential/git-helper.h), or
 * postrider-oauth2.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "credential/git-helper.h"
#include "credential/program.h"
#include "credential/request.h"

#define INVOCATION_KEEPER "postrider-credential"
#define INVOCATION_OAUTH2 "postrider-oauth2"

enum {
	INVOCATION_NAME_SIZE = GIT_HELPER_NAME_SIZE
};

/* One command line. */
struct invocation {
	struct buf text; /* the first word */
	char **word;     /* NULL-terminated */
	size_t count;
};

/* Initialises an empty command line; invocation_done accepts it. */
void invocation_init(struct invocation *invocation);
void invocation_done(struct invocation *invocation);

/* Whether postrider-credential is called for the request. */
bool invocation_is_keeper(const struct credential_request *request);

/* Writes the name for messages of the program that the request is for. */
void invocation_name(const struct credential_request *request,
    char out[INVOCATION_NAME_SIZE]);

/*
 * Composes the words: the program's path, the selection, the operation, then
 * more. The two lists are NULL-terminated or NULL; all words are borrowed.
 * ERROR_CONFIG if the directory of the programs is not an absolute path.
 */
int invocation_compose(struct invocation *invocation, const char *program,
    char *const *selection, const char *operation, char *const *more,
    struct error *err);

/* Adds a hint to the error of a helper program that can't be started, unless
 * memory or descriptors ran out. Always returns -1. */
int invocation_failed(const char *program, struct error *err);

/* Sets the error of a program that ended with a status other than 0. Always
 * returns -1. */
int invocation_explain(const struct credential_request *request,
    const struct credential_program *program, int status, struct error *err);

#endif
