/* SPDX-License-Identifier: MIT */
#ifndef SMTP_KERBEROS_H
#define SMTP_KERBEROS_H

/* Finds out what GNU SASL does not report: whether there is a Kerberos ticket,
 * and why a service ticket can't be obtained. */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum {
	KERBEROS_OWNER_SIZE = 256
};

/*
 * Returns NULL if the current user has a valid ticket, or if that can't be
 * found out; else the reason, a static text. user may be NULL: then any ticket
 * is accepted, else it must be that user's, in any realm. Reads the credential
 * cache only, but that can be a service that does not respond: waits until the
 * deadline at most.
 */
const char *kerberos_objection(const char *user, int64_t deadline_ms);

/*
 * Explains why there is no ticket for the service ("smtp@host"): sets err, with
 * a hint, and returns true. False if no problem is found or the library is
 * missing. Contacts the KDC, until the deadline at most.
 */
bool kerberos_explain(const char *service, int64_t deadline_ms,
    struct error *err);

/* Writes the principal of the ticket ("alice@EXAMPLE.TEST"); "" if it can't be
 * found out before the deadline. */
void kerberos_find_owner(char out[KERBEROS_OWNER_SIZE], int64_t deadline_ms);

/* Sets ERROR_TEMPORARY: no KDC of the owner's realm has responded in time with
 * a ticket for the service. Always returns -1. */
int kerberos_out_of_time(const char *service, const char *owner,
    struct error *err);

#endif
