/* SPDX-License-Identifier: MIT */
#ifndef SMTP_KERBEROS_H
#define SMTP_KERBEROS_H

/* Finds out what GNU SASL does not report: whether there is a Kerberos ticket,
 * and why a service ticket can't be obtained. */

#include <stdbool.h>

#include "base/error.h"

/*
 * Returns NULL if the current user has a valid ticket, or if that can't be
 * found out; else the reason, a static text. user may be NULL: then any ticket
 * is accepted, else it must be that user's, in any realm. Reads the credential
 * cache only; makes no network requests.
 */
const char *kerberos_objection(const char *user);

/*
 * Explains why there is no ticket for the service ("smtp@host"): sets err, with
 * a hint, and returns true. False if no problem is found or the library is
 * missing. Contacts the KDC and waits as long as the Kerberos library does.
 */
bool kerberos_explain(const char *service, struct error *err);

#endif
