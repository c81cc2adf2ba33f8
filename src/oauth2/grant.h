/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_GRANT_H
#define OAUTH2_GRANT_H

/*
 * The ways to tokens (RFC 6749 1.3), one function each. The errors are those of
 * oauth2/token.h; *ret_tokens is filled on success only, and then the caller's
 * to end with tokens_done.
 */

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "base/secret.h"
#include "oauth2/token.h"

/* Who signs in, and where people are spoken to. */
struct grant {
	struct token_client client;
	FILE *out;
	bool paste; /* no browser on this machine is to be used */
};

/* By the system's browser (RFC 8252, 7636). grant-code.c */
int grant_authorization_code(const struct grant *grant,
    struct tokens *ret_tokens, struct error *err);

/* By a code that is entered on another device (RFC 8628). grant-device.c */
int grant_device_code(const struct grant *grant, struct tokens *ret_tokens,
    struct error *err);

/* As an application, with nobody there (RFC 6749 4.4). grant-unattended.c */
int grant_client_credentials(const struct token_client *client,
    struct tokens *ret_tokens, struct error *err);

/*
 * With the refresh token of an earlier sign-in (RFC 6749 6). *ret_over tells
 * that the server will never take it again. grant-unattended.c
 */
int grant_refresh(const struct token_client *client,
    const struct secret *refresh_token, struct tokens *ret_tokens,
    bool *ret_over, struct error *err);

#endif
