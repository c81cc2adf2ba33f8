/* SPDX-License-Identifier: MIT */
/*
 * login by password: prompts, signs in once, and then stores the password.
 */
#include "cli/login.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "submit/params.h"
#include "cli/login-help.h"
#include "report/report.h"
#include "credential/credential.h"
#include "credential/prompt.h"

enum {
	TRIES_MAX = 3,
	HELP_MAX = 4096
};

static int login_print_help(const struct login *login, struct error *err);
static void login_shorten_hint(struct error *err);
static int prompt_until_accepted(const struct login *login,
    struct secret **secret, struct error *err);
static int login_read_password(const struct login *login, int attempt,
    struct secret *secret, struct error *err);

int
login_by_password(struct login *login, struct error *err)
{
	struct credential_request request;
	struct secret *secret = NULL;
	int result;

	if (login->is_interactive && !login->has_asked_method &&
	    login_print_help(login, err) == -1)
		return -1;
	result = prompt_until_accepted(login, &secret, err);
	if (result == -1 && err->code == ERROR_INPUT)
		error_set(err, ERROR_AUTH, "no password was entered");
	request = params_for_credential(&login->route);
	if (result == 0)
		result = credential_store(&request, secret, err);
	secret_free(secret);
	return result;
}

/* Nothing if the provider has none. */
static int
login_print_help(const struct login *login, struct error *err)
{
	const struct provider *provider = login->route.account->provider;
	struct buf text;
	int result;

	if (provider == NULL ||
	    provider->text[PROVIDER_CREDENTIAL_HELP] == NULL)
		return 0;
	buf_init(&text, HELP_MAX);
	result = login_help_password(login, &text, err);
	if (result == 0)
		login_say(login, "enter %s", buf_text(&text));
	buf_done(&text);
	return result;
}

/* Who mistypes may try again; so may who enters nothing. */
static int
prompt_until_accepted(const struct login *login, struct secret **secret,
    struct error *err)
{
	for (int i = 1; i <= TRIES_MAX; i++) {
		int result;

		secret_free(*secret);
		*secret = secret_new(err);
		if (*secret == NULL)
			return -1;
		result = login_read_password(login, i, *secret, err);
		if (result == 0)
			result = login_try(login, *secret, err);
		if (result == 0)
			return 0;
		if (err->code != ERROR_AUTH || !login->is_interactive ||
		    i == TRIES_MAX)
			return -1;
		login_shorten_hint(err);
		report_error(err);
	}
	return -1;
}

/* Login is running: removes the advice to run it from "create an app password,
 * then run postrider login me; ..." and from "run postrider login me and ..."
 */
static void
login_shorten_hint(struct error *err)
{
	static const char command[] = "run postrider login ";
	static const char *const links[] = {" and ", " to "};
	static const char then[] = ", then ";
	char *begin = strstr(err->hint, command);
	char *rest = NULL;

	if (begin == NULL)
		return;
	if (begin - err->hint >= (ptrdiff_t)strlen(then) &&
	    strncmp(begin - strlen(then), then, strlen(then)) == 0) {
		begin -= strlen(then);
		rest = strpbrk(begin + strlen(then), ";:");
	}
	for (size_t i = 0; i < sizeof links / sizeof *links && rest == NULL;
	     i++) {
		rest = strstr(begin, links[i]);
		if (rest != NULL)
			rest += strlen(links[i]);
	}
	if (rest == NULL)
		rest = begin + strlen(begin);
	memmove(begin, rest, strlen(rest) + 1);
}

/* From the terminal, else from standard input. */
static int
login_read_password(const struct login *login, int attempt,
    struct secret *secret, struct error *err)
{
	struct credential_request request =
	    params_for_credential(&login->route);
	char reason[32];

	if (login->is_interactive) {
		request.final_deadline_ms = 0;
		snprintf(reason, sizeof reason, "try again (%d of %d)", attempt,
		    TRIES_MAX);
		return credential_prompt(&request, attempt > 1 ? reason : NULL,
		    secret, err);
	}
	if (secret_read(secret, STDIN_FILENO, INT64_MAX, err) == -1)
		return -1;
	secret_cut_line(secret);
	if (secret_len(secret) > 0)
		return 0;
	error_set(err, ERROR_AUTH, "no password on standard input");
	return error_hint(err,
	    "run login in a terminal, or pipe the password to it");
}
