/* SPDX-License-Identifier: MIT */
#ifndef SMTP_EXTENSIONS_H
#define SMTP_EXTENSIONS_H

/* The service extensions that a server announces in its reply to EHLO (RFC 5321
 * section 4.1.1.1). */

#include <stdbool.h>
#include <stdint.h>

#include "smtp/reply.h"

struct smtp_extensions {
	bool starttls;        /* RFC 3207 */
	bool is_masked;       /* the name of an extension was overwritten */
	bool pipelining;      /* RFC 2920 */
	bool chunking;        /* RFC 3030 */
	bool eightbitmime;    /* RFC 6152 */
	bool smtputf8;        /* RFC 6531 */
	bool dsn;             /* RFC 3461 */
	bool enhanced;        /* RFC 2034 */
	bool size;            /* RFC 1870 */
	bool auth;            /* RFC 4954 */
	uint64_t size_max;    /* bytes; 0: no limit was announced */
	char mechanisms[512]; /* " PLAIN LOGIN ": upper case, on one line */
};

/* Parses the reply to EHLO. What it does not name is off. */
void smtp_extensions_parse(struct smtp_extensions *extensions,
    const struct smtp_reply *reply);

/* Returns whether the server offers a SASL mechanism. */
bool smtp_extensions_offer(const struct smtp_extensions *extensions,
    const char *mechanism);

#endif
