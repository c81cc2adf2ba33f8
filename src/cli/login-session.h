/* SPDX-License-Identifier: MIT */
#ifndef CLI_LOGIN_SESSION_H
#define CLI_LOGIN_SESSION_H

/* The session of a login. It runs in a process of its own, in the sandbox,
 * because the login itself starts programs and writes the configuration. */

#include "base/error.h"
#include "base/secret.h"
#include "cli/login.h"

enum {
	LOGIN_NAME_SIZE = 64
};

/* What the session reached. */
struct login_session_result {
	char mechanism[LOGIN_NAME_SIZE]; /* that needed no secret, or "" */
	char cause[LOGIN_NAME_SIZE];     /* of the error; or "" */
};

/*
 * Signs in with the secret. Without one (NULL), succeeds if the session gets so
 * far that it needs it, or needs none. The errors are attempt_open's and
 * fork_call's.
 */
int login_session_run(const struct login *login, const struct secret *secret,
    struct login_session_result *ret_result, struct error *err);

#endif
