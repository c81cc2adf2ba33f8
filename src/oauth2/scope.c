/* SPDX-License-Identifier: MIT */
/*
 * Checks that the requested scope was granted, so that a missing permission is
 * reported before the mail server rejects the token.
 */
#include "oauth2/scope.h"

#include <stdbool.h>
#include <string.h>

static bool scope_is_granted(const char *granted, const char *word, size_t len);
static bool scope_is_optional(const char *word, size_t len);

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

		if (len > 0 && !scope_is_optional(wanted, len) &&
		    !scope_is_granted(granted, wanted, len)) {
			error_set(err, ERROR_AUTH,
			    "the sign-in succeeded without the scope %.*s",
			    (int)len, wanted);
			error_set_cause(err, "scope-refused");
			return error_hint(err,
			    "sign in again and grant every permission; "
			    "the client registration must include this "
			    "scope");
		}
		wanted += len + (wanted[len] == ' ');
	}
	return 0;
}

static bool
scope_is_granted(const char *granted, const char *word, size_t len)
{
	while (*granted != '\0') {
		size_t granted_len = strcspn(granted, " ");

		if (granted_len == len && memcmp(granted, word, len) == 0)
			return true;
		granted += granted_len + (granted[granted_len] == ' ');
	}
	return false;
}

/* Microsoft doesn't list these among the granted scope values. */
static bool
scope_is_optional(const char *word, size_t len)
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
