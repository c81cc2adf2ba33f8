/* SPDX-License-Identifier: MIT */
/*
 * A server may grant less than was asked for, and then says so. A person who
 * left a box unticked shall hear it before the mail server refuses the token.
 */
#include "oauth2/scope.h"

#include <stdbool.h>
#include <string.h>

static bool is_granted(const char *granted, const char *word, size_t len);
static bool is_optional(const char *word, size_t len);

int
scope_check(const struct account *account, const struct tokens *tokens,
    struct error *err)
{
	const char *granted = tokens->scope;
	const char *wanted = account->text[SETTING_SCOPE];

	if (granted == NULL || wanted == NULL)
		return 0;
	while (*wanted != '\0') {
		size_t len = strcspn(wanted, " ");

		if (len > 0 && !is_optional(wanted, len) &&
		    !is_granted(granted, wanted, len)) {
			error_set(err, ERROR_AUTH,
			    "the sign-in was granted without the scope %.*s",
			    (int)len, wanted);
			return error_hint(err,
			    "sign in again and tick every box; the "
			    "registration must allow this scope too");
		}
		wanted += len + (wanted[len] == ' ');
	}
	return 0;
}

static bool
is_granted(const char *granted, const char *word, size_t len)
{
	while (*granted != '\0') {
		size_t granted_len = strcspn(granted, " ");

		if (granted_len == len && memcmp(granted, word, len) == 0)
			return true;
		granted += granted_len + (granted[granted_len] == ' ');
	}
	return false;
}

/* Microsoft doesn't list these; what they ask for shows without. */
static bool
is_optional(const char *word, size_t len)
{
	static const char *const optional[] = {"offline_access", "openid",
	    "profile", "email"};

	for (size_t i = 0; i < sizeof optional / sizeof *optional; i++) {
		if (strlen(optional[i]) == len &&
		    memcmp(optional[i], word, len) == 0)
			return true;
	}
	return false;
}
