/* SPDX-License-Identifier: MIT */
/*
 * Tables of hints by Microsoft's error numbers and by the error codes of
 * OAuth2.
 * "%s" is replaced by the account.
 */
#include "config/endpoint-hint.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define SIGN_IN_AGAIN "sign in again: postrider login %s"
#define LATE_CODE                                                             \
	"start again: postrider login --device %s; the code was not entered " \
	"in time"
#define NUMBERS_MAX 5

static const struct {
	long number[NUMBERS_MAX]; /* 0: no more */
	const char *hint;
} by_number[] = {
    {{65001, 65004}, "sign in again and give consent: postrider login %s"},
    {{90094},
	"ask an administrator of the organisation to consent to this "
	"application"},
    {{50194},
	"set tenant to the organisation of the application for %s; it is "
	"registered for one organisation only"},
    {{700011, 700016},
	"check client-id and tenant of %s; the tenant has no such client-id"},
    {{50020, 500208},
	"sign in as %s, or set tenant; the account that signed in is of the "
	"wrong kind or organisation for this tenant"},
    {{50011},
	"add the redirect URI http://localhost to the application's "
	"registration (Mobile and desktop applications)"},
    {{7000218},
	"enable \"Allow public client flows\" in the application's "
	"registration"},
    {{700025},
	"remove client-secret from %s; a public client must not send a "
	"secret"},
    {{7000215, 7000222},
	"create a new client secret, then run postrider login %s; this one is "
	"wrong or has expired"},
    {{700027, 50012, 700024},
	"check that the certificate is registered, that client-key belongs to "
	"it, and that this computer's clock is correct"},
    {{50076, 50078, 50079},
	"sign in again, with a second factor: postrider login %s"},
    {{53000, 53003, 530035},
	"ask the organisation's administrator; Conditional Access or security "
	"defaults block the sign-in"},
    {{70008, 700082, 70043, 50173, 50089},
	"sign in again: postrider login %s; the sign-in has expired or was "
	"revoked"},
    {{70016}, LATE_CODE},
    {{70018, 70019},
	"start again: postrider login --device %s; the code is wrong or has "
	"expired"},
    {{70011, 28002, 650057},
	"check scope, and add the permission SMTP.Send (for applications "
	"SMTP.SendAsApp) to the registration"},
    {{28000}, "set scope to the scopes of one resource only"},
    {{50196},
	"wait before the next attempt; the server received too many identical "
	"requests"},
};

static const struct {
	const char *error;
	const char *hint;
} by_error[] = {
    {"invalid_grant", SIGN_IN_AGAIN},
    {"interaction_required", SIGN_IN_AGAIN},
    {"login_required", SIGN_IN_AGAIN},
    {"consent_required", SIGN_IN_AGAIN},
    {"expired_token", LATE_CODE},
    {"access_denied", "to allow it, sign in again: postrider login %s"},
    {"invalid_client",
	"check client-id and client-secret (or client-key) of %s against the "
	"registration"},
    {"unauthorized_client",
	"check grant of %s; the registration of this client-id doesn't allow "
	"it"},
    {"unsupported_grant_type",
	"set another grant for %s; the server doesn't support this one"},
    {"invalid_scope", "check scope of %s; the registration must allow it"},
    {"invalid_target", "check scope of %s; there is no such resource"},
    {"admin_policy_enforced",
	"ask an administrator of the organisation to allow this application"},
    {"disabled_client", "register another client; this one was disabled"},
    {"deleted_client", "register another client; this one was deleted"},
};

static const char *find_by_number(const char *message);
static const char *find_by_error(const char *error);
static void set_hint(struct error *err, const char *hint, const char *account);

int
endpoint_hint_add(struct error *err, const char *error, const char *account)
{
	const char *hint = find_by_number(err->message);

	if (hint == NULL && error != NULL)
		hint = find_by_error(error);
	if (hint != NULL)
		set_hint(err, hint, account);
	return -1;
}

/* "AADSTS70008: ...". The first number counts; the message may quote others
 * after it. */
static const char *
find_by_number(const char *message)
{
	static const char mark[] = "AADSTS";
	const char *at = strstr(message, mark);
	long number = at != NULL ? strtol(at + strlen(mark), NULL, 10) : 0;

	if (number == 0)
		return NULL;
	for (size_t i = 0; i < sizeof by_number / sizeof *by_number; i++) {
		for (size_t j = 0; j < NUMBERS_MAX; j++) {
			if (by_number[i].number[j] == number)
				return by_number[i].hint;
		}
	}
	return NULL;
}

static const char *
find_by_error(const char *error)
{
	for (size_t i = 0; i < sizeof by_error / sizeof *by_error; i++) {
		if (strcmp(by_error[i].error, error) == 0)
			return by_error[i].hint;
	}
	return NULL;
}

static void
set_hint(struct error *err, const char *hint, const char *account)
{
	const char *mark = strstr(hint, "%s");

	if (mark == NULL)
		error_hint(err, "%s", hint);
	else
		error_hint(err, "%.*s%s%s", (int)(mark - hint), hint, account,
		    mark + strlen("%s"));
}
