/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_SECRET_SHAPE_H
#define SUBMIT_SECRET_SHAPE_H

/*
 * Recognises by its shape a secret that the provider can't accept, such as an
 * ordinary password where an app password is due. A server decides; this only
 * explains its refusal.
 */

#include "base/error.h"
#include "base/secret.h"
#include "submit/route.h"

enum secret_shape {
	SECRET_SHAPE_USUAL, /* or nothing is known about it */
	SECRET_SHAPE_BLANK, /* begins or ends with a space or control character
			     */
	SECRET_SHAPE_OTHER  /* than the provider's app passwords or keys */
};

enum {
	SECRET_SHAPE_TEXT_SIZE = 256
};

/* Looks at a secret of the account. Keeps nothing of it. */
enum secret_shape secret_shape_of(const struct account *account,
    const struct secret *secret);

/* Writes a clause about the secret, without it: "the password does not look
 * like an app password of Gmail, which has 16 letters". */
void secret_shape_describe(enum secret_shape shape,
    const struct account *account, char out[SECRET_SHAPE_TEXT_SIZE]);

/* Gives the refusal of a secret of that shape the cause and the hint that
 * follow from it. Any other failure is left alone. */
void secret_shape_diagnose(enum secret_shape shape, const struct route *route,
    struct error *err);

#endif
