/* SPDX-License-Identifier: MIT */
/*
 * Decodes by GnuTLS, which skips white space; that is refused here.
 */
#include "smtp/base64-decode.h"

#include <stdbool.h>
#include <string.h>

#include <gnutls/gnutls.h>

#include "base/secret.h"
#include "base/text.h"

static bool is_base64(const char *text, size_t len);

char *
base64_decode(const char *text, size_t len, size_t *ret_len)
{
	const gnutls_datum_t encoded = {.data = (unsigned char *)text,
	    .size = (unsigned)len};
	gnutls_datum_t decoded;
	char *copy;

	if (!is_base64(text, len))
		return NULL;
	if (len == 0) {
		*ret_len = 0;
		return text_copy("", 0);
	}
	if (gnutls_base64_decode2(&encoded, &decoded) != GNUTLS_E_SUCCESS)
		return NULL;
	copy = text_copy((const char *)decoded.data, decoded.size);
	*ret_len = decoded.size;
	secret_wipe(decoded.data, decoded.size);
	gnutls_free(decoded.data);
	return copy;
}

static bool
is_base64(const char *text, size_t len)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	size_t digits = 0;
	size_t padding;

	while (digits < len && text[digits] != '\0' &&
	    strchr(alphabet, text[digits]) != NULL)
		digits++;
	padding = len - digits;
	return len % 4 == 0 && padding <= 2 &&
	    memcmp(text + digits, "==", padding) == 0;
}
