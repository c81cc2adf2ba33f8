/* SPDX-License-Identifier: MIT */
#ifndef SMTP_KERBEROS_REALM_H
#define SMTP_KERBEROS_REALM_H

/* What the configuration of MIT's library (krb5.conf) says about a realm. For
 * this layer only. */

#include <stddef.h>

/*
 * Writes the KDCs of the realm, separated by commas, as far as they fit; "" if
 * krb5.conf names none, or if that can't be found out. Reads files, without a
 * time limit.
 */
void kerberos_realm_kdcs(const char *realm, char *out, size_t out_size);

#endif
