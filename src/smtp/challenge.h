/* SPDX-License-Identifier: MIT */
#ifndef SMTP_CHALLENGE_H
#define SMTP_CHALLENGE_H

/* What a server may ask in an exchange, before a library looks at it. */

#include "base/error.h"
#include "smtp/sasl.h"

enum {
	CHALLENGE_NONCE_SIZE = 128,
	CHALLENGE_MAX = 12288 /* bytes of base64: RFC 4954 section 4 */
};

/*
 * Judges a challenge (base64). step counts from 0, which is the initial
 * response's; nonce is the client's of SCRAM, else "". ERROR_AUTH: it makes no
 * sense; ERROR_REFUSED: it says that the sign-in failed; ERROR_SECURITY: it
 * requests something unsafe.
 */
int challenge_check(const struct sasl_mechanism *mechanism, int step,
    const char *nonce, const char *challenge, struct error *err);

/* Takes the nonce out of the first message of SCRAM (base64); "" when there is
 * none in it. */
void challenge_take_nonce(const char *first, char nonce[CHALLENGE_NONCE_SIZE]);

#endif
