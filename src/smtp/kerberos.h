/* SPDX-License-Identifier: MIT */
#ifndef SMTP_KERBEROS_H
#define SMTP_KERBEROS_H

/* What GNU SASL doesn't tell of Kerberos: whether there is a ticket, and why
 * one for the service can't be had. */

#include <stdbool.h>

#include "base/error.h"

/*
 * NULL when the user who runs us has a ticket that is still good, or nothing
 * can be known here; else why not, a static text. user may be NULL: then
 * anybody's ticket will do, else it has to be that name's, whatever the realm.
 * Reads the credential cache only; makes no network requests.
 */
const char *kerberos_objection(const char *user);

/*
 * Says why there is no ticket for the service ("smtp@host"): sets err, with a
 * hint, and returns true; false when none of that is wrong or it can't be
 * known. Asks the KDC, for as long as the Kerberos library takes.
 */
bool kerberos_explain(const char *service, struct error *err);

#endif
