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
#define NUMBERS_MAX 5

static const struct {
	long number[NUMBERS_MAX]; /* 0: no more */
	const char *hint;
} by_number[] = {
    {{65001, 65004},
	"consent is missing or was declined: sign in again and accept: "
	"postrider login %s"},
    {{90094},
	"an administrator of the organisation must consent to this "
	"application"},
    {{50194},
	"the application is for one organisation only: set tenant to that one "
	"for %s"},
    {{700011, 700016},
	"this client-id is not known in this tenant: check client-id and "
	"tenant of %s"},
    {{50020, 500208},
	"the account is of the wrong kind or organisation for this tenant: "
	"sign in as %s, or set tenant"},
    {{50011},
	"the redirect URI isn't registered: add http://localhost to the "
	"application (Mobile and desktop applications)"},
    {{7000218},
	"switch on \"Allow public client flows\" in the application's "
	"registration"},
    {{700025},
	"a public client must not send a secret: remove client-secret from "
	"%s"},
    {{7000215, 7000222},
	"the client secret is wrong or has expired: make another, then "
	"postrider login %s"},
    {{700027, 50012, 700024},
	"the certificate or its signature is not accepted: check that it is "
	"registered, client-key belongs to it, and this computer's clock"},
    {{50076, 50078, 50079},
	"a second factor is needed: sign in again: postrider login %s"},
    {{53000, 53003, 530035},
	"blocked by Conditional Access or security defaults: ask the "
	"organisation's administrator"},
    {{70008, 700082, 70043, 50173, 50089},
	"the sign-in has expired or was revoked: sign in again: postrider "
	"login %s"},
    {{70016}, "the code was not entered in time: postrider login --device %s"},
    {{70018, 70019},
	"the code is wrong or has expired: start anew: postrider login "
	"--device %s"},
    {{70011, 28002, 650057},
	"the scope is wrong, or the permission SMTP.Send (for applications "
	"SMTP.SendAsApp) is missing in the registration"},
    {{28000}, "the scope names more than one resource: ask for one in scope"},
    {{50196},
	"too many identical requests: stop for a while, and don't switch the "
	"cache of tokens off"},
};

static const struct {
	const char *error;
	const char *hint;
} by_error[] = {
    {"invalid_grant", SIGN_IN_AGAIN},
    {"interaction_required", SIGN_IN_AGAIN},
    {"login_required", SIGN_IN_AGAIN},
    {"consent_required", SIGN_IN_AGAIN},
    {"expired_token",
	"the code was not entered in time: postrider login --device %s"},
    {"access_denied", "to allow it after all: postrider login %s"},
    {"invalid_client",
	"check client-id and client-secret (or client-key) of %s against the "
	"registration"},
    {"unauthorized_client",
	"the registration of this client-id doesn't allow this grant: check "
	"it, and grant of %s"},
    {"unsupported_grant_type",
	"the server doesn't know this grant: set another for %s"},
    {"invalid_scope", "check scope of %s: the registration must allow it"},
    {"invalid_target", "check scope of %s: it names no such resource"},
    {"admin_policy_enforced",
	"an administrator of the organisation must allow this application"},
    {"disabled_client", "the client-id was switched off: register another"},
    {"deleted_client", "the client-id was deleted: register another"},
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
