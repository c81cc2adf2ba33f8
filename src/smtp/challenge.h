/* SPDX-License-Identifier: MIT */
#ifndef SMTP_CHALLENGE_H
#define SMTP_CHALLENGE_H

/* Checks a server's challenge before a library parses it. */

#include "base/error.h"
#include "smtp/sasl.h"

enum {
	CHALLENGE_NONCE_SIZE = 128,
	CHALLENGE_MAX = 12288 /* bytes of base64: RFC 4954 section 4 */
};

/*
 * Checks a challenge (base64). step counts from 0, the initial response; nonce
 * is the client's nonce in SCRAM, else "". ERROR_AUTH: it is malformed;
 * ERROR_REFUSED: it says that the sign-in failed; ERROR_SECURITY: it requests
 * something unsafe.
 */
int challenge_check(const struct sasl_mechanism *mechanism, int step,
    const char *nonce, const char *challenge, struct error *err);

/* Copies the nonce from the first message of SCRAM (base64); "" if it contains
 * none. */
void challenge_take_nonce(const char *first, char nonce[CHALLENGE_NONCE_SIZE]);

#endif
