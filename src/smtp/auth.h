/* SPDX-License-Identifier: MIT */
#ifndef SMTP_AUTH_H
#define SMTP_AUTH_H

/* Signing in: which mechanism, and the AUTH exchange (RFC 4954). */

#include "base/error.h"
#include "smtp/extensions.h"
#include "smtp/params.h"
#include "smtp/reply.h"
#include "smtp/sasl.h"
#include "smtp/wire.h"

/*
 * The best mechanism that both sides can and params allow, or NULL: ERROR_AUTH
 * says what the server offers and what would help. Bearer mechanisms are used
 * only when params name them.
 */
const struct sasl_mechanism *auth_choose(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct error *err);

/*
 * Signs in over the wire. The secret is awaited when the mechanism is known.
 * ERROR_AUTH: refused, with the reply; ERROR_TEMPORARY: 4xx, or the connection
 * failed; ERROR_SECURITY: the server isn't who it should be.
 */
int auth_sign_in(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct wire *wire,
    struct smtp_reply *reply, struct error *err);

#endif
