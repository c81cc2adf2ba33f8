/* SPDX-License-Identifier: MIT */
#ifndef ONLINE_TOKEN_ANSWER_H
#define ONLINE_TOKEN_ANSWER_H

/*
 * Tokens as an answer to postrider-credential: a message of git's credential
 * protocol with the access token as its password.
 */

#include "base/error.h"
#include "oauth2/token.h"

/* Writes tokens that came just now, with their expiry and where they came from.
 * Takes the tokens, even on failure. Errors as credential_message_write. */
int token_answer_write(int fd, const struct token_client *client,
    struct tokens *tokens, struct error *err);

/* Writes the issuer and the token endpoint, as far as they are known. */
int token_answer_write_endpoints(int fd, const struct endpoints *endpoints,
    struct error *err);

/* Writes that the refresh token is spent for good, and the reason. */
int token_answer_write_refusal(int fd, const char *reason, struct error *err);

#endif
