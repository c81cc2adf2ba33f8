/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_PROMPT_H
#define CREDENTIAL_PROMPT_H

/* Prompts for a password at the terminal. */

#include "base/error.h"
#include "base/secret.h"
#include "credential/request.h"

/*
 * Prompts at the terminal for the password of the request's user, without echo,
 * and adds it to secret. If reason isn't NULL, writes it as a line before the
 * prompt. ERROR_INPUT if there is no terminal or no more input; ERROR_AUTH if
 * the input is empty or interrupted; ERROR_TEMPORARY at the request's final
 * deadline.
 */
int credential_prompt(const struct credential_request *request,
    const char *reason, struct secret *secret, struct error *err);

#endif
