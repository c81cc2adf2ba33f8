/* SPDX-License-Identifier: MIT */
/*
 * Compares every part of a length that could be abused, also in lower case.
 */
#include "secrets.h"

#include <stdint.h>
#include <string.h>

#include <gnutls/gnutls.h>

enum {
	PART_PLAIN = 8,
	PART_ENCODED = 12
};

/* What a mechanism sends, and where the password begins in it. */
static const struct {
	const char *bytes;
	size_t len;
	size_t password_at;
} messages[] = {
#define MESSAGE(before, after)                                 \
	{                                                      \
		before SECRETS_PASSWORD after,                 \
		    sizeof(before SECRETS_PASSWORD after) - 1, \
		    sizeof(before) - 1                         \
	}
    MESSAGE("", ""),
    MESSAGE("\0" SECRETS_USER "\0", ""),
    MESSAGE("user=" SECRETS_USER "\1auth=Bearer ", "\1\1"),
    MESSAGE("n,a=" SECRETS_USER ",\1auth=Bearer ", "\1\1"),
};

static bool has_part(const char *text, const char *secret, size_t len,
    size_t part);

bool
secrets_are_in(const char *text)
{
	static const size_t count = sizeof messages / sizeof messages[0];
	bool found = has_part(text, SECRETS_PASSWORD,
	    sizeof SECRETS_PASSWORD - 1, PART_PLAIN);

	for (size_t i = 0; i < count && !found; i++) {
		gnutls_datum_t plain =
		    {.data = (unsigned char *)(uintptr_t)messages[i].bytes,
			.size = (unsigned)messages[i].len};
		size_t start = (messages[i].password_at + 2) / 3 * 4;
		gnutls_datum_t encoded;

		if (gnutls_base64_encode2(&plain, &encoded) != 0)
			return true;
		found = has_part(text, (const char *)encoded.data + start,
		    encoded.size - start, PART_ENCODED);
		gnutls_free(encoded.data);
	}
	return found;
}

static bool
has_part(const char *text, const char *secret, size_t len, size_t part)
{
	char piece[32];

	for (size_t at = 0; at + part <= len; at++) {
		memcpy(piece, secret + at, part);
		piece[part] = '\0';
		if (strcasestr(text, piece) != NULL)
			return true;
	}
	return false;
}
