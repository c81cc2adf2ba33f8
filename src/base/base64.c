/* SPDX-License-Identifier: MIT */
/*
 * Encodes three bytes at a time, so that no second buffer contains a whole
 * secret.
 */
#include "base/base64.h"

#include <stdbool.h>
#include <stdint.h>

static int base64_add_groups(struct secret *out, const unsigned char *bytes,
    size_t len, bool is_url, struct error *err);
static void encode_group(const unsigned char *bytes, size_t len, bool is_url,
    char out[4]);

int
base64_add(struct secret *out, const void *bytes, size_t len, struct error *err)
{
	return base64_add_groups(out, bytes, len, false, err);
}

int
base64url_add(struct secret *out, const void *bytes, size_t len,
    struct error *err)
{
	return base64_add_groups(out, bytes, len, true, err);
}

void
base64_group(const unsigned char *bytes, size_t len, char out[4])
{
	encode_group(bytes, len, false, out);
}

static int
base64_add_groups(struct secret *out, const unsigned char *bytes, size_t len,
    bool is_url, struct error *err)
{
	char text[4];
	int result = 0;

	while (len > 0 && result == 0) {
		size_t piece = len < 3 ? len : 3;

		encode_group(bytes, piece, is_url, text);
		result = secret_add(out, text, is_url ? piece + 1 : 4, err);
		bytes += piece;
		len -= piece;
	}
	secret_wipe(text, sizeof text);
	return result;
}

static void
encode_group(const unsigned char *bytes, size_t len, bool is_url, char out[4])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789";
	const char *last_digits = is_url ? "-_" : "+/";
	uint32_t bits = 0;

	for (size_t i = 0; i < 3; i++)
		bits = bits << 8 | (i < len ? bytes[i] : 0U);
	for (size_t i = 0; i < 4; i++) {
		size_t digit = bits >> (18 - 6 * i) & 63;

		out[i] = digit < 62 ? digits[digit] : last_digits[digit - 62];
		if (i > len)
			out[i] = '=';
	}
	secret_wipe(&bits, sizeof bits);
}
