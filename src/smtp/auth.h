/* SPDX-License-Identifier: MIT */
#ifndef SMTP_AUTH_H
#define SMTP_AUTH_H

/* Signing in: which mechanism, and the AUTH exchange (RFC 4954). */

#include <stdbool.h>

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
 * NULL when params and server allow the mechanism, else why not: a static text
 * for people, such as "not offered by the server". Asks the system for a ticket
 * of Kerberos, if that is all that is left to ask.
 */
const char *auth_objection(const struct smtp_params *params,
    const struct smtp_extensions *extensions,
    const struct sasl_mechanism *mechanism);

/*
 * Whether anybody is to sign in: there is a user, or a mechanism that needs
 * none was asked for, or there is a certificate and the server takes it.
 */
bool auth_is_wanted(const struct smtp_params *params,
    const struct smtp_extensions *extensions);

/*
 * Signs in over the wire. The secret is awaited when the mechanism is known. A
 * mechanism that can't be begun makes way for the next, with nothing sent; one
 * that fails for a technical reason does so if params say fallback. ERROR_AUTH:
 * refused, with the reply; ERROR_TEMPORARY: 4xx, or the connection
 * failed; ERROR_SECURITY: the server isn't who it should be.
 */
int auth_sign_in(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct wire *wire,
    struct smtp_reply *reply, struct error *err);

#endif
