/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_GIT_HELPER_H
#define CREDENTIAL_GIT_HELPER_H

/*
 * Starts a git credential helper (gitcredentials(7)). As in git's
 * configuration, it is given by name or path, followed by its arguments.
 */

#include "base/error.h"
#include "credential/credential-message.h"
#include "credential/program.h"

enum {
	GIT_HELPER_NAME_SIZE = 128
};

/*
 * Starts the helper for an operation and writes the message to it. No shell is
 * used, so a helper that begins with "!" is refused. ERROR_CONFIG if it can't
 * be started.
 */
int git_helper_start(const char *helper, const char *operation,
    const struct credential_message *message,
    struct credential_program *program, struct error *err);

/* Writes the name for messages: "credential-helper" and its first word. */
void git_helper_name(const char *helper, char out[GIT_HELPER_NAME_SIZE]);

#endif
