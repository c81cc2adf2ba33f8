/* SPDX-License-Identifier: MIT */
/*
 * Compares a secret with what the registry says of the provider's. Neither the
 * secret nor its length gets into a text.
 */
#include "submit/secret-shape.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cause.h"
#include "config/shape.h"
#include "submit/evidence.h"
#include "submit/remedy.h"

/* Causes that say no more than that the secret was refused. */
static const char *const vague_causes[] = {"wrong-secret", "app-password-due",
    "key-due"};

static const char *shape_for(const struct account *account);
static bool takes_app_passwords(const struct account *account);
static const char *shape_noun(const struct account *account);
static bool is_blank(char c);
static bool secret_is_refused(const struct error *err);
static void secret_shape_set_hint(const struct route *route, const char *hint,
    struct error *err);

enum secret_shape
secret_shape_of(const struct account *account, const struct secret *secret)
{
	const char *bytes = secret_bytes(secret);
	size_t len = secret_len(secret);
	const char *shape = shape_for(account);

	if (len == 0 || account->uses_oauth2)
		return SECRET_SHAPE_USUAL;
	if (is_blank(bytes[0]) || is_blank(bytes[len - 1]))
		return SECRET_SHAPE_BLANK;
	if (shape != NULL && !shape_fits(shape, bytes, len))
		return SECRET_SHAPE_OTHER;
	return SECRET_SHAPE_USUAL;
}

void
secret_shape_describe(enum secret_shape shape, const struct account *account,
    char out[SECRET_SHAPE_TEXT_SIZE])
{
	const struct provider *provider = account->provider;
	char description[SECRET_SHAPE_TEXT_SIZE / 2];

	*out = '\0';
	if (shape == SECRET_SHAPE_BLANK)
		snprintf(out, SECRET_SHAPE_TEXT_SIZE,
		    "the password begins or ends with a space or a control "
		    "character");
	if (shape != SECRET_SHAPE_OTHER)
		return;
	shape_describe(shape_for(account), description, sizeof description);
	snprintf(out, SECRET_SHAPE_TEXT_SIZE,
	    "the password does not look like %s of %s, which %s",
	    shape_noun(account),
	    provider->text[PROVIDER_TITLE] != NULL
		? provider->text[PROVIDER_TITLE]
		: provider->name,
	    description);
}

void
secret_shape_diagnose(enum secret_shape shape, const struct route *route,
    struct error *err)
{
	const struct account *account = route->account;
	char text[SECRET_SHAPE_TEXT_SIZE];
	char hint[ERROR_HINT_SIZE];
	const char *name;
	const struct cause *cause;

	if (shape == SECRET_SHAPE_USUAL || !secret_is_refused(err))
		return;
	secret_shape_describe(shape, account, text);
	if (shape == SECRET_SHAPE_BLANK) {
		snprintf(hint, sizeof hint,
		    "run {login} and enter the password again without it; %s",
		    text);
		secret_shape_set_hint(route, hint, err);
		return;
	}
	name = takes_app_passwords(account) ? "app-password-due" : "key-due";
	cause = cause_find(name, strlen(name));
	cause_apply(cause, cause->retry, err);
	snprintf(hint, sizeof hint, "create %s, then run {login}; %s%s",
	    shape_noun(account), text,
	    account->provider->text[PROVIDER_CREDENTIAL_HELP] != NULL
		? ": {help}"
		: "");
	secret_shape_set_hint(route, hint, err);
}

/* Not where the account's own password is accepted as well. */
static const char *
shape_for(const struct account *account)
{
	const struct provider *provider = account->provider;

	if (provider == NULL || (provider->sign_in & PROVIDER_PASSWORD) != 0)
		return NULL;
	return provider->text[PROVIDER_SECRET_SHAPE];
}

static bool
takes_app_passwords(const struct account *account)
{
	return (account->provider->sign_in & PROVIDER_APP_PASSWORD) != 0;
}

static const char *
shape_noun(const struct account *account)
{
	return takes_app_passwords(account) ? "an app password" : "a key";
}

static bool
is_blank(char c)
{
	return c == ' ' || iscntrl((unsigned char)c);
}

static bool
secret_is_refused(const struct error *err)
{
	if (err->cause == NULL || err->reply_code == 0)
		return false;
	for (size_t i = 0; i < sizeof vague_causes / sizeof *vague_causes;
	     i++) {
		if (strcmp(err->cause, vague_causes[i]) == 0)
			return true;
	}
	return false;
}

static void
secret_shape_set_hint(const struct route *route, const char *hint,
    struct error *err)
{
	const struct rule_value value = {hint, strlen(hint)};
	struct evidence evidence;
	struct buf text;

	evidence_init(&evidence, err, route, NULL);
	buf_init(&text, ERROR_HINT_SIZE);
	if (remedy_expand(&evidence, &value, &text) == 0)
		error_hint(err, "%s", buf_text(&text));
	buf_done(&text);
}
