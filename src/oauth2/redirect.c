/* SPDX-License-Identifier: MIT */
/*
 * Judges an answer before anything of it is used. The order matters: whose
 * answer it is (state), who gives it (iss), and only then what it says. Doesn't
 * know how it got here.
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

static int take_pair(struct redirect *redirect, const struct form_pair *pair,
    struct error *err);
static void drop_empty(struct redirect *redirect);
static int check_issuer(const struct secret *iss, const char *issuer,
    bool required, struct error *err);
static int refused(const struct redirect *redirect, struct error *err);
static int check_code(const struct secret *code, struct error *err);
static void show(const struct secret *value, char *text, size_t size);
static bool equals(const struct secret *value, const char *text);

static const char *const names[REDIRECT_PARAMETER_COUNT] = {
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
		if (take_pair(redirect, &pair, err) == -1)
			return -1;
	}
	drop_empty(redirect);
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
	if (check_issuer(redirect->value[REDIRECT_ISS], issuer, issuer_required,
		err) == -1)
		return -1;
	if (redirect->value[REDIRECT_ERROR] != NULL)
		return refused(redirect, err);
	return check_code(redirect->value[REDIRECT_CODE], err);
}

bool
redirect_is_declined(const struct redirect *redirect)
{
	const struct secret *error = redirect->value[REDIRECT_ERROR];

	return error != NULL && equals(error, "access_denied");
}

static int
take_pair(struct redirect *redirect, const struct form_pair *pair,
    struct error *err)
{
	int i = 0;

	while (i < REDIRECT_PARAMETER_COUNT && !form_pair_is(pair, names[i]))
		i++;
	if (i == REDIRECT_PARAMETER_COUNT)
		return 0;
	if (redirect->value[i] != NULL)
		return error_set(err, ERROR_DATA, "\"%s\" is there twice",
		    names[i]);
	redirect->value[i] = secret_new(err);
	if (redirect->value[i] == NULL)
		return -1;
	if (form_pair_decode(pair, redirect->value[i], err) == -1)
		return error_set(err, ERROR_DATA, "\"%s\" can't be decoded",
		    names[i]);
	return 0;
}

/* RFC 6749 3.1: without a value is as if it weren't there. Only at the end, so
 * that an empty one still counts as one of two. */
static void
drop_empty(struct redirect *redirect)
{
	for (int i = 0; i < REDIRECT_PARAMETER_COUNT; i++) {
		struct secret **value = &redirect->value[i];

		if (*value != NULL && secret_len(*value) == 0) {
			secret_free(*value);
			*value = NULL;
		}
	}
}

/* Against a server that passes the answer of another one off as its own: the
 * code would be sent to the wrong one (RFC 9207). */
static int
check_issuer(const struct secret *iss, const char *issuer, bool required,
    struct error *err)
{
	char shown[DESCRIPTION_MAX_SHOWN];

	if (iss == NULL && !required)
		return 0;
	if (iss == NULL) {
		error_set(err, ERROR_SECURITY,
		    "the answer in the browser doesn't name its issuer%s%s",
		    issuer == NULL ? "" : ", though it should be ",
		    issuer == NULL ? "" : issuer);
	} else if (issuer == NULL || equals(iss, issuer)) {
		return 0;
	} else {
		show(iss, shown, sizeof shown);
		error_set(err, ERROR_SECURITY,
		    "the answer in the browser is from %s, not from %s", shown,
		    issuer);
	}
	return error_hint(err,
	    "the sign-in was stopped, because another server may be meddling "
	    "with it; check the provider's OAuth2 settings");
}

static int
refused(const struct redirect *redirect, struct error *err)
{
	const struct secret *description =
	    redirect->value[REDIRECT_DESCRIPTION];
	char name[NAME_MAX_SHOWN];
	char text[DESCRIPTION_MAX_SHOWN] = "";

	show(redirect->value[REDIRECT_ERROR], name, sizeof name);
	if (description != NULL)
		show(description, text, sizeof text);
	if (redirect_is_declined(redirect))
		return error_set(err, ERROR_AUTH,
		    "the sign-in was declined in the browser%s%s",
		    *text == '\0' ? "" : ": ", text);
	return error_set(err, ERROR_AUTH,
	    "the sign-in failed in the browser: %s%s%s", name,
	    *text == '\0' ? "" : ": ", text);
}

/* RFC 6749 A.11: a code is visible characters and blanks. */
static int
check_code(const struct secret *code, struct error *err)
{
	if (code == NULL)
		return error_set(err, ERROR_AUTH,
		    "the answer in the browser is neither a code nor an error");
	for (size_t i = 0; i < secret_len(code); i++) {
		unsigned char c = (unsigned char)secret_bytes(code)[i];

		if (c < ' ' || c > '~')
			return error_set(err, ERROR_AUTH,
			    "the code in the browser's answer has characters "
			    "that no code has");
	}
	return 0;
}

static void
show(const struct secret *value, char *text, size_t size)
{
	text_printable(text, size, secret_bytes(value), secret_len(value));
}

static bool
equals(const struct secret *value, const char *text)
{
	return secret_len(value) == strlen(text) &&
	    memcmp(secret_bytes(value), text, secret_len(value)) == 0;
}
