/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_INVOCATION_H
#define CREDENTIAL_INVOCATION_H

/*
 * Who keeps credentials and how it is called: postrider-credential, or a git
 * credential helper in its place (gitcredentials(7)). For this layer only.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "credential/program.h"
#include "credential/request.h"

enum {
	INVOCATION_NAME_SIZE = 128
};

/* One command line. */
struct invocation {
	struct buf text; /* that the words are in, or some of them */
	char **word;     /* the first stays free for "git" */
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
 * Puts the words together: the program, the selection if it is
 * postrider-credential, the operation, then more, which is NULL-ended or NULL.
 * All are borrowed. ERROR_CONFIG for a helper that can't be called.
 */
int invocation_compose(struct invocation *invocation,
    const struct credential_request *request, const char *operation,
    char *const *more, struct error *err);

/* Starts it and hands it the message. ERROR_SYSTEM; invocation_failed says it
 * better. */
int invocation_start(struct invocation *invocation,
    const struct credential_message *message,
    struct credential_program *program, struct error *err);

/* Turns the error of a program that couldn't be started into one that says
 * which and what to do. Always returns -1. */
int invocation_failed(const struct credential_request *request,
    struct error *err);

/* The error of a program that ended with that status, not 0. Always returns
 * -1. */
int invocation_explain(const struct credential_request *request,
    const struct credential_program *program, int status, struct error *err);

#endif
