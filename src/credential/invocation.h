/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_INVOCATION_H
#define CREDENTIAL_INVOCATION_H

/*
 * How postrider-credential is called, if it is the one to be asked and not a
 * git credential helper in its place (credential/git-helper.h).
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "credential/git-helper.h"
#include "credential/program.h"
#include "credential/request.h"

enum {
	INVOCATION_NAME_SIZE = GIT_HELPER_NAME_SIZE
};

/* One command line. */
struct invocation {
	struct buf text; /* the first word */
	char **word;     /* NULL-ended */
	size_t count;
};

/* Harmless: nothing to call yet. */
void invocation_init(struct invocation *invocation);
void invocation_done(struct invocation *invocation);

/* Whether postrider-credential is called for the request. */
bool invocation_is_keeper(const struct credential_request *request);

/* How messages call the one that is asked. */
void invocation_name(const struct credential_request *request,
    char out[INVOCATION_NAME_SIZE]);

/*
 * Puts the words together: the program, the selection, the operation, then
 * more, which is NULL-ended or NULL. All are borrowed. ERROR_CONFIG when the
 * program's folder is no absolute path.
 */
int invocation_compose(struct invocation *invocation,
    const struct credential_request *request, const char *operation,
    char *const *more, struct error *err);

/* Turns the error of a program that couldn't be started into one that says what
 * to do. Always returns -1. */
int invocation_failed(struct error *err);

/* The error of a program that ended with that status, not 0. Always returns
 * -1. */
int invocation_explain(const struct credential_request *request,
    const struct credential_program *program, int status, struct error *err);

#endif
