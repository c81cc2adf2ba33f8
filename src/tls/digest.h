/* SPDX-License-Identifier: MIT */
#ifndef TLS_DIGEST_H
#define TLS_DIGEST_H

/* SHA-256 of a text. */

#include <stddef.h>

#include "base/error.h"

enum {
	DIGEST_SIZE = 65 /* of the hexadecimal form, with its NUL */
};

/* ERROR_SYSTEM if the library refuses. */
int digest_text(const void *text, size_t len, char out[DIGEST_SIZE],
    struct error *err);

#endif
