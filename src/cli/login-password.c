/* SPDX-License-Identifier: MIT */
/*
 * login by password: asked for, tried, and only then kept.
 */
#include "cli/login.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/params.h"
#include "cli/report.h"
#include "credential/client.h"
#include "credential/prompt.h"

enum {
	TRIES_MAX = 3
};

static int ask_until_it_works(const struct login *login, struct secret **secret,
    struct error *err);
static int ask(const struct login *login, struct secret *secret,
    struct error *err);
static int keep(const struct login *login, const struct secret *secret,
    struct error *err);

int
login_by_password(struct login *login, struct error *err)
{
	const struct provider *provider = login->account->provider;
	const char *help =
	    provider != NULL ? provider->text[PROVIDER_CREDENTIAL_HELP] : NULL;
	struct secret *secret = NULL;
	int result;

	if (help != NULL && login->typed && !login->options->json)
		printf("password to use: %s\n", help);
	fflush(stdout);
	result = ask_until_it_works(login, &secret, err);
	if (result == 0)
		result = keep(login, secret, err);
	secret_free(secret);
	return result;
}

static int
ask_until_it_works(const struct login *login, struct secret **secret,
    struct error *err)
{
	for (int i = 0; i < TRIES_MAX; i++) {
		if (i > 0)
			report_error(err);
		secret_free(*secret);
		*secret = secret_new(err);
		if (*secret == NULL || ask(login, *secret, err) == -1)
			return -1;
		if (login_try(login, *secret, err) == 0)
			return 0;
		if (err->code != ERROR_AUTH || !login->typed)
			return -1;
	}
	return -1;
}

/* On the terminal; a script gives the password on standard input. */
static int
ask(const struct login *login, struct secret *secret, struct error *err)
{
	struct credential_request request =
	    params_for_credential(login->account, &login->selection);

	if (login->typed)
		return credential_prompt(&request, NULL, secret, err);
	if (secret_read(secret, STDIN_FILENO, INT64_MAX, err) == -1)
		return -1;
	secret_cut_line(secret);
	if (secret_len(secret) > 0)
		return 0;
	error_set(err, ERROR_AUTH, "no password on standard input");
	return error_hint(err, "run login in a terminal, or pipe it in");
}

static int
keep(const struct login *login, const struct secret *secret, struct error *err)
{
	const char *folder = login->account->text[SETTING_CREDENTIAL_FOLDER];
	struct credential_request request =
	    params_for_credential(login->account, &login->selection);

	if (credential_store(&request, secret, err) == -1)
		return -1;
	if (!login->options->json)
		printf("the password is in %s\n",
		    request.helper != NULL ? "the credential helper"
			: folder != NULL   ? folder
					   : "the keyring");
	return 0;
}
