/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_GRANT_H
#define OAUTH2_GRANT_H

/*
 * Obtains tokens, with one function for each grant type (RFC 6749 1.3). The
 * errors are those of oauth2/token.h. *ret_tokens is filled on success only;
 * the caller then frees it with tokens_done.
 */

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "base/secret.h"
#include "oauth2/token.h"

/* The parameters of grants in which a person takes part. */
struct grant {
	struct token_client client;
	FILE *out;  /* for instructions to the person */
	bool paste; /* don't open a browser on this machine */
};

/* Signs in with the system's browser (RFC 8252, RFC 7636). grant-code.c */
int grant_authorization_code(const struct grant *grant,
    struct tokens *ret_tokens, struct error *err);

/* Shows a code to enter on another device (RFC 8628). grant-device.c */
int grant_device_code(const struct grant *grant, struct tokens *ret_tokens,
    struct error *err);

/* Signs in as an application, without a person (RFC 6749 4.4).
 * grant-unattended.c */
int grant_client_credentials(const struct token_client *client,
    struct tokens *ret_tokens, struct error *err);

/*
 * Uses the refresh token of an earlier sign-in (RFC 6749 6). *ret_over is true
 * if the server will never accept that token again. grant-unattended.c
 */
int grant_refresh(const struct token_client *client,
    const struct secret *refresh_token, struct tokens *ret_tokens,
    bool *ret_over, struct error *err);

#endif
