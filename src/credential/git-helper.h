/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_GIT_HELPER_H
#define CREDENTIAL_GIT_HELPER_H

/*
 * A git credential helper as a configuration names one (gitcredentials(7)): a
 * name or a path, and words for its command line. Both programs run them.
 */

#include "base/error.h"
#include "credential/codec.h"
#include "credential/program.h"

enum {
	GIT_HELPER_NAME_SIZE = 128
};

/*
 * Starts the helper for an operation and hands it the message; no shell is
 * involved, so one that begins with "!" is refused. ERROR_CONFIG when there is
 * no such program.
 */
int git_helper_start(const char *helper, const char *operation,
    const struct credential_message *message,
    struct credential_program *program, struct error *err);

/* What messages call it: its first word, and what it is. */
void git_helper_name(const char *helper, char out[GIT_HELPER_NAME_SIZE]);

#endif
