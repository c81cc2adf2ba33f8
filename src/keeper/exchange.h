/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_EXCHANGE_H
#define KEEPER_EXCHANGE_H

/*
 * New tokens in place of those that are kept, or with the refresh token that is
 * kept.
 */

#include <stdbool.h>

#include "base/error.h"
#include "credential/codec.h"
#include "oauth2/endpoints.h"
#include "keeper/subject.h"
#include "oauth2/token.h"

/*
 * Gets tokens for an entry of the subject, which has a refresh token unless an
 * application signs in, and keeps them if it shall; the caller has the entry
 * locked then. No signal interrupts it between the request and the storing.
 *
 * That a server takes the refresh token no more is noted in the entry:
 * ERROR_AUTH. After ERROR_TEMPORARY the entry is as it was, and the same may be
 * tried again. Otherwise the errors of the vault, of oauth2/token.h and of
 * keeper/client-secret.h; what the entry holds then means nothing.
 */
int exchange_tokens(const struct subject *subject, struct endpoints *endpoints,
    bool keeps, struct credential_message *entry, struct error *err);

/* Puts new tokens into an entry, in place of earlier ones. Takes them, even on
 * failure. */
int exchange_fill(struct credential_message *entry,
    const struct token_client *client, struct tokens *tokens,
    struct error *err);

#endif
