/* SPDX-License-Identifier: MIT */
#ifndef TLS_INTERCEPTION_H
#define TLS_INTERCEPTION_H

/*
 * Recognises antivirus programs, firewalls and proxies that decrypt TLS, by the
 * names in the certificates that they make.
 */

/*
 * Returns the name of the product that name, of a subject or issuer, belongs
 * to; NULL if it is none of them. Public CAs of the same vendors are not told
 * apart: ask only about a chain that isn't trusted.
 */
const char *interception_find(const char *name);

#endif
