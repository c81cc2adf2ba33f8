/* SPDX-License-Identifier: MIT */
/*
 * Splits a SASL response into parts, for the redaction of replies that quote
 * it. Knows no mechanism: the password or token itself is added elsewhere.
 */
#include "smtp/redacted-response.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "smtp/base64-decode.h"

enum {
	PART_MIN = 16 /* shorter than any proof or nonce in base64 or hex */
};

static bool is_in_part(char byte);
static bool contains_user(const char *part, size_t len, const char *user);

void
redacted_response_add(struct redaction *redaction,
    const struct secret *response, const char *user)
{
	size_t size;
	size_t len;
	char *decoded =
	    base64_decode(secret_bytes(response), secret_len(response), &size);

	redaction_add(redaction, secret_bytes(response), secret_len(response));
	if (decoded == NULL)
		return;
	for (size_t i = 0; i < size; i += len + 1) {
		for (len = 0; i + len < size && is_in_part(decoded[i + len]);)
			len++;
		if (len >= PART_MIN && !contains_user(decoded + i, len, user))
			redaction_add(redaction, decoded + i, len);
	}
	secret_wipe(decoded, size);
	free(decoded);
}

/* Host names and addresses are split at their dots, and remain short. */
static bool
is_in_part(char byte)
{
	return isalnum((unsigned char)byte) || strchr("+/=-_~", byte) != NULL;
}

static bool
contains_user(const char *part, size_t len, const char *user)
{
	size_t user_len = user != NULL ? strcspn(user, "@") : 0;

	for (size_t i = 0; user_len > 0 && i + user_len <= len; i++) {
		if (strncasecmp(part + i, user, user_len) == 0)
			return true;
	}
	return false;
}
