/* SPDX-License-Identifier: MIT */
#ifndef BASE_REDACTION_H
#define BASE_REDACTION_H

/*
 * Removes secrets from text that a server or another program wrote, such as an
 * error message that quotes a rejected command.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/run-set.h"
#include "base/secret.h"

/* Starts as {0}. */
struct redaction {
	struct secret *forms; /* each is followed by a NUL; or NULL */
	struct run_set runs;  /* of the forms that are long enough */
	bool is_incomplete;   /* a form is missing: all text is removed */
};

enum redaction_text {
	REDACTION_TEXT, /* any text */
	REDACTION_REPLY /* lines of an SMTP reply, whose codes are kept */
};

/* Wipes the secrets and frees. */
void redaction_done(struct redaction *redaction);

/*
 * Adds a form in which a secret may appear: the bytes themselves, or their
 * base64 with either alphabet (RFC 4648). Never fails: without the memory for a
 * form, redaction_apply removes all text.
 */
void redaction_add(struct redaction *redaction, const void *bytes, size_t len);
void redaction_add_base64(struct redaction *redaction, const void *bytes,
    size_t len);

/* Adds a secret as it is, its base64, and its hexadecimal form unless it is too
 * long for a password. */
void redaction_add_secret(struct redaction *redaction,
    const struct secret *secret);

/*
 * Replaces every form in text by "<redacted>", and any run of 8 or more
 * characters of a longer form. Ignores case and white space, line ends
 * included, and recognises characters that are escaped as in a URL,
 * quoted-printable, C, JSON or HTML. A form of up to 3 characters must be a
 * whole word. -1 when out of memory; text is then empty.
 */
int redaction_apply(const struct redaction *redaction, struct buf *text,
    enum redaction_text kind, struct error *err);

#endif
