/* SPDX-License-Identifier: MIT */
/*
 * Parses a redirect and checks it before anything in it is used, in this order:
 * the state, the issuer, the error and the code.
 */
#include "oauth2/redirect.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "base/text.h"
#include "https/form.h"

enum {
	NAME_MAX_SHOWN = 64,
	DESCRIPTION_MAX_SHOWN = 400
};

static int redirect_take_pair(struct redirect *redirect,
    const struct form_pair *pair, struct error *err);
static void redirect_drop_empty(struct redirect *redirect);
static int redirect_check_issuer(const struct secret *iss, const char *issuer,
    bool required, struct error *err);
static int redirect_fail(const struct redirect *redirect, struct error *err);
static int redirect_check_code(const struct secret *code, struct error *err);
static void redirect_print_value(const struct secret *value, char *text,
    size_t size);
static bool redirect_value_equals(const struct secret *value, const char *text);

static const char *const parameter_names[REDIRECT_PARAMETER_COUNT] = {
    [REDIRECT_CODE] = "code",
    [REDIRECT_STATE] = "state",
    [REDIRECT_ISS] = "iss",
    [REDIRECT_ERROR] = "error",
    [REDIRECT_DESCRIPTION] = "error_description",
};

void
redirect_init(struct redirect *redirect)
{
	*redirect = (struct redirect){{NULL}};
}

void
redirect_done(struct redirect *redirect)
{
	for (int i = 0; i < REDIRECT_PARAMETER_COUNT; i++)
		secret_free(redirect->value[i]);
	redirect_init(redirect);
}

int
redirect_parse(struct redirect *redirect, const char *query, size_t len,
    struct error *err)
{
	struct form_pair pair;

	while (form_next(&query, &len, &pair)) {
		if (redirect_take_pair(redirect, &pair, err) == -1)
			return -1;
	}
	redirect_drop_empty(redirect);
	return 0;
}

int
redirect_check_state(const struct redirect *redirect,
    const struct secret *state, struct error *err)
{
	const struct secret *given = redirect->value[REDIRECT_STATE];

	if (given == NULL)
		return error_set(err, ERROR_DATA, "\"state\" is missing");
	if (secret_len(given) != secret_len(state) ||
	    gnutls_memcmp(secret_bytes(given), secret_bytes(state),
		secret_len(state)) != 0)
		return error_set(err, ERROR_DATA, "\"state\" is wrong");
	return 0;
}

int
redirect_check_result(const struct redirect *redirect, const char *issuer,
    bool issuer_required, struct error *err)
{
	if (redirect_check_issuer(redirect->value[REDIRECT_ISS], issuer,
		issuer_required, err) == -1)
		return -1;
	if (redirect->value[REDIRECT_ERROR] != NULL)
		return redirect_fail(redirect, err);
	return redirect_check_code(redirect->value[REDIRECT_CODE], err);
}

bool
redirect_is_declined(const struct redirect *redirect)
{
	const struct secret *error = redirect->value[REDIRECT_ERROR];

	return error != NULL && redirect_value_equals(error, "access_denied");
}

static int
redirect_take_pair(struct redirect *redirect, const struct form_pair *pair,
    struct error *err)
{
	int i = 0;

	while (i < REDIRECT_PARAMETER_COUNT &&
	    !form_pair_is(pair, parameter_names[i]))
		i++;
	if (i == REDIRECT_PARAMETER_COUNT)
		return 0;
	if (redirect->value[i] != NULL)
		return error_set(err, ERROR_DATA, "\"%s\" appears twice",
		    parameter_names[i]);
	redirect->value[i] = secret_new(err);
	if (redirect->value[i] == NULL)
		return -1;
	if (form_pair_decode(pair, redirect->value[i], err) == -1)
		return error_set(err, ERROR_DATA, "\"%s\" cannot be decoded",
		    parameter_names[i]);
	return 0;
}

/* RFC 6749 3.1: an empty parameter is treated as absent. Dropped after parsing,
 * so that it still counts as a duplicate. */
static void
redirect_drop_empty(struct redirect *redirect)
{
	for (int i = 0; i < REDIRECT_PARAMETER_COUNT; i++) {
		struct secret **value = &redirect->value[i];

		if (*value != NULL && secret_len(*value) == 0) {
			secret_free(*value);
			*value = NULL;
		}
	}
}

/* Prevents a mix-up attack, in which the code of one server is sent to another
 * (RFC 9207). */
static int
redirect_check_issuer(const struct secret *iss, const char *issuer,
    bool required, struct error *err)
{
	char shown[DESCRIPTION_MAX_SHOWN];

	if (iss == NULL && !required)
		return 0;
	if (iss == NULL) {
		error_set(err, ERROR_SECURITY,
		    "the response in the browser names no issuer%s%s",
		    issuer == NULL ? "" : "; expected ",
		    issuer == NULL ? "" : issuer);
	} else if (issuer == NULL || redirect_value_equals(iss, issuer)) {
		return 0;
	} else {
		redirect_print_value(iss, shown, sizeof shown);
		error_set(err, ERROR_SECURITY,
		    "the response in the browser is from %s, not from %s",
		    shown, issuer);
	}
	return error_hint(err,
	    "check issuer in the provider's OAuth2 settings; another server "
	    "may be interfering with the sign-in");
}

static int
redirect_fail(const struct redirect *redirect, struct error *err)
{
	const struct secret *description =
	    redirect->value[REDIRECT_DESCRIPTION];
	char name[NAME_MAX_SHOWN];
	char text[DESCRIPTION_MAX_SHOWN] = "";

	redirect_print_value(redirect->value[REDIRECT_ERROR], name,
	    sizeof name);
	if (description != NULL)
		redirect_print_value(description, text, sizeof text);
	if (redirect_is_declined(redirect))
		return error_set(err, ERROR_AUTH,
		    "the sign-in was declined in the browser%s%s",
		    *text == '\0' ? "" : ": ", text);
	return error_set(err, ERROR_AUTH,
	    "the sign-in failed in the browser: %s%s%s", name,
	    *text == '\0' ? "" : ": ", text);
}

/* RFC 6749 A.11: a code consists of visible characters and spaces. */
static int
redirect_check_code(const struct secret *code, struct error *err)
{
	if (code == NULL)
		return error_set(err, ERROR_AUTH,
		    "the response in the browser contains neither a code nor "
		    "an error");
	for (size_t i = 0; i < secret_len(code); i++) {
		unsigned char c = (unsigned char)secret_bytes(code)[i];

		if (c < ' ' || c > '~')
			return error_set(err, ERROR_AUTH,
			    "the code in the browser's response contains "
			    "invalid characters");
	}
	return 0;
}

static void
redirect_print_value(const struct secret *value, char *text, size_t size)
{
	text_printable(text, size, secret_bytes(value), secret_len(value));
}

static bool
redirect_value_equals(const struct secret *value, const char *text)
{
	return secret_len(value) == strlen(text) &&
	    memcmp(secret_bytes(value), text, secret_len(value)) == 0;
}
