/* SPDX-License-Identifier: MIT */
#ifndef CLI_LOGIN_HELP_H
#define CLI_LOGIN_HELP_H

/* Where a person gets the password or the client ID that a login asks for. */

#include "base/buf.h"
#include "base/error.h"
#include "cli/login.h"

/*
 * Adds which password the provider accepts, and where it is created: "an app
 * password, created at https://...".
 */
int login_help_password(const struct login *login, struct buf *text,
    struct error *err);

/* Returns where a client is registered. */
const char *login_help_client(const struct login *login);

#endif
