/* SPDX-License-Identifier: MIT */
/*
 * The command token: prints an access token for other programs (mutt, mbsync,
 * git). The output is built in a struct secret and written by write(2), so that
 * no buffer of stdio holds it.
 */
#include "cli/verbs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "submit/params.h"
#include "report/report.h"
#include "report/time.h"
#include "cli/verb-route.h"
#include "credential/credential.h"

static int missing_token(const struct account *account, struct error *err);
static int print_valid_token(const struct options *options,
    const struct route *route, struct error *err);
static int token_check_life(const struct options *options, int64_t expires_at,
    struct error *err);
static int token_write(const struct options *options,
    const struct secret *token, int64_t expires_at, struct error *err);
static int token_add_json(struct secret *text, const struct secret *token,
    int64_t expires_at, struct error *err);
static int token_add_escaped(struct secret *text, const struct secret *token,
    struct error *err);

int
verb_token(struct options *options, struct error *err)
{
	struct route route;
	int result = -1;

	route_init(&route);
	if (verb_route_find(&route, options, err) == 0)
		result = route.account->uses_oauth2
		    ? print_valid_token(options, &route, err)
		    : missing_token(route.account, err);
	route_done(&route);
	return result;
}

static int
missing_token(const struct account *account, struct error *err)
{
	error_set(err, ERROR_CONFIG,
	    account->text[SETTING_USER] != NULL
		? "%s signs in by password and has no token"
		: "%s does not sign in and has no token",
	    account_label(account));
	return error_hint(err, "set client-id to sign in by OAuth2");
}

static int
print_valid_token(const struct options *options, const struct route *route,
    struct error *err)
{
	struct credential_request request = params_for_credential(route);
	const struct secret *token;
	struct credential *credential;
	struct error warning;
	int result = -1;

	request.min_valid_ms = options->min_valid_ms;
	credential = credential_start(&request, err);
	if (credential == NULL)
		return -1;
	if (credential_await(credential, &token, err) == 0) {
		int64_t expires_at = credential_expires_at(credential);

		if (credential_take_warning(credential, &warning))
			report_warning(NULL, &warning);
		result = token_check_life(options, expires_at, err);
		if (result == 0)
			result = token_write(options, token, expires_at, err);
	}
	credential_free(credential);
	return result;
}

static int
token_check_life(const struct options *options, int64_t expires_at,
    struct error *err)
{
	int64_t left = expires_at - (int64_t)time(NULL);

	if (expires_at == 0)
		return 0;
	if (left <= 0)
		return error_set(err, ERROR_AUTH, "the token has expired");
	if (left * 1000 >= options->min_valid_ms)
		return 0;
	error_set(err, ERROR_REFUSED,
	    "the token is valid for %" PRId64 " s only, %" PRId64
	    " s are required",
	    left, options->min_valid_ms / 1000);
	return error_hint(err,
	    "the provider issues none that are valid longer");
}

static int
token_write(const struct options *options, const struct secret *token,
    int64_t expires_at, struct error *err)
{
	struct secret *text = secret_new(err);
	int result;

	if (text == NULL)
		return -1;
	if (options->report.json)
		result = token_add_json(text, token, expires_at, err);
	else
		result = secret_add(text, secret_bytes(token),
		    secret_len(token), err);
	if (result == 0)
		result = secret_add(text, "\n", 1, err);
	if (result == 0)
		result = file_write(STDOUT_FILENO, secret_bytes(text),
		    secret_len(text), err);
	secret_free(text);
	return result;
}

/* The names are those of RFC 6750 4. */
static int
token_add_json(struct secret *text, const struct secret *token,
    int64_t expires_at, struct error *err)
{
	static const char before[] = "{\"access_token\": \"";
	char moment[TIME_UTC_SIZE];
	char after[160];

	time_utc((time_t)expires_at, moment);
	if (expires_at == 0)
		snprintf(after, sizeof after,
		    "\", \"token_type\": \"Bearer\", \"expires_at\": null, "
		    "\"expires_in\": null}");
	else
		snprintf(after, sizeof after,
		    "\", \"token_type\": \"Bearer\", \"expires_at\": \"%s\", "
		    "\"expires_in\": %" PRId64 "}",
		    moment, expires_at - (int64_t)time(NULL));
	if (secret_add(text, before, strlen(before), err) == -1 ||
	    token_add_escaped(text, token, err) == -1)
		return -1;
	return secret_add(text, after, strlen(after), err);
}

/* A token is printable ASCII (RFC 6749 A.12). */
static int
token_add_escaped(struct secret *text, const struct secret *token,
    struct error *err)
{
	const char *at = secret_bytes(token);

	for (; *at != '\0'; at++) {
		if (*at < 0x20 || *at > 0x7E)
			return error_set(err, ERROR_DATA,
			    "the access token contains invalid characters");
		if ((*at == '"' || *at == '\\') &&
		    secret_add(text, "\\", 1, err) == -1)
			return -1;
		if (secret_add(text, at, 1, err) == -1)
			return -1;
	}
	return 0;
}
