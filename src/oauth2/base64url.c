/* SPDX-License-Identifier: MIT */
/*
 * Encodes base64url three bytes at a time, so that no second buffer contains a
 * whole secret.
 */
#include "oauth2/base64url.h"

#include <stdint.h>

static int base64url_add_group(struct secret *out, const unsigned char *bytes,
    size_t len, struct error *err);

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz"
			       "0123456789-_";

int
base64url_add(struct secret *out, const void *bytes, size_t len,
    struct error *err)
{
	const unsigned char *at = bytes;
	int result = 0;

	while (len > 0 && result == 0) {
		size_t piece = len < 3 ? len : 3;

		result = base64url_add_group(out, at, piece, err);
		at += piece;
		len -= piece;
	}
	return result;
}

/* Encodes one to three bytes as two to four characters. */
static int
base64url_add_group(struct secret *out, const unsigned char *bytes, size_t len,
    struct error *err)
{
	uint32_t bits = 0;
	char text[4];
	int result;

	for (size_t i = 0; i < 3; i++)
		bits = bits << 8 | (i < len ? bytes[i] : 0U);
	for (size_t i = 0; i < 4; i++)
		text[i] = alphabet[bits >> (18 - 6 * i) & 63];
	result = secret_add(out, text, len + 1, err);
	secret_wipe(text, sizeof text);
	secret_wipe(&bits, sizeof bits);
	return result;
}
