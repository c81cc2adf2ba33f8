/* SPDX-License-Identifier: MIT */
#ifndef SMTP_AUTH_H
#define SMTP_AUTH_H

/* Signs in: chooses a mechanism and runs the AUTH exchange (RFC 4954). */

#include <stdbool.h>

#include "base/error.h"
#include "smtp/extensions.h"
#include "smtp/params.h"
#include "smtp/reply.h"
#include "smtp/sasl.h"
#include "smtp/wire.h"

/*
 * Returns NULL if the mechanism can be used, else the reason why not: a static
 * text such as "not offered by the server". Looks for a Kerberos ticket only if
 * everything else is in order.
 */
const char *auth_objection(const struct smtp_params *params,
    const struct smtp_extensions *extensions,
    const struct sasl_mechanism *mechanism);

/*
 * Returns whether to sign in: there is a user, or params name a mechanism that
 * needs none, or there is a client certificate that the server accepts for
 * EXTERNAL.
 */
bool auth_is_wanted(const struct smtp_params *params,
    const struct smtp_extensions *extensions);

/*
 * Signs in over the wire. Waits for the secret only when the chosen mechanism
 * needs one; without params->await_secret, succeeds there, before anything is
 * sent. If a mechanism can't start, the next is tried; nothing was sent
 * then. If it fails for a technical reason, the next is tried only if
 * params->fallback is set. ERROR_AUTH: refused, with the reply;
 * ERROR_TEMPORARY: 4xx, or the connection failed; ERROR_SECURITY: the server
 * may be an impostor.
 */
int auth_sign_in(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct wire *wire,
    struct smtp_reply *reply, struct error *err);

#endif
