/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_PROMPT_H
#define CREDENTIAL_PROMPT_H

/*
 * Asking for a password on the terminal, whatever stdin and stdout are.
 */

#include "base/error.h"
#include "base/secret.h"
#include "credential/request.h"

/*
 * Asks on /dev/tty for the password of the request's user, and adds the line
 * typed to secret; echo is off meanwhile, and back on whatever signal ends or
 * stops the process. why, if not NULL, is a line shown first. ERROR_INPUT when
 * there is no terminal; ERROR_AUTH when nothing is typed.
 */
int credential_prompt(const struct credential_request *request, const char *why,
    struct secret *secret, struct error *err);

#endif
