/* SPDX-License-Identifier: MIT */
#ifndef SMTP_SASL_TICKET_H
#define SMTP_SASL_TICKET_H

/*
 * The steps of GNU SASL's mechanisms for Kerberos, whose library waits for a
 * KDC without a time limit. For this layer only.
 */

#include <stdbool.h>

#include <gsasl.h>

#include "base/error.h"
#include "smtp/params.h"
#include "smtp/sasl-names.h"

/*
 * Calls gsasl_step64 within the time limits of params; *ret_status is its
 * result, and *ret_response, which may be NULL, is freed with gsasl_free. The
 * session must have no callback and no secret. ERROR_TEMPORARY: the library did
 * not return in time, and keeps the session. After a failure, *library and
 * *session may be NULL.
 */
int sasl_ticket_step(Gsasl **library, Gsasl_session **session,
    const char *challenge, const struct smtp_params *params,
    const struct sasl_names *names, char **ret_response, int *ret_status,
    struct error *err);

/* Explains a failure (gsasl.h) of the first step or a later one. Always returns
 * -1. */
int sasl_ticket_explain(const struct sasl_mechanism *mechanism,
    const struct smtp_params *params, const struct sasl_names *names,
    bool is_first, int failure, struct error *err);

#endif
