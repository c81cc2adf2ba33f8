/* SPDX-License-Identifier: MIT */
/*
 * Looks where a credential should be. What can't be found out is a state too,
 * no error.
 */
#include "cli/standing.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/params.h"
#include "cli/time.h"
#include "base/paths.h"
#include "credential/keeper.h"
#include "credential/source.h"

static const char *auth_of(const struct account *account);
static void look_at_variable(struct standing *standing, const char *argument);
static void look_at_file(struct standing *standing, const char *argument);
static void look_at_systemd(struct standing *standing, const char *argument);
static void look_at_command(struct standing *standing, const char *argument);
static void ask_keeper(struct standing *standing, const struct account *account,
    const struct selection *selection, int64_t deadline_ms);
static void tell_tokens(struct standing *standing,
    const struct keeper_status *status);
static void tell(struct standing *standing, const char *state,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

static const struct {
	const char *prefix;
	void (*look)(struct standing *standing, const char *argument);
} looks[] = {
    {"env:", look_at_variable},
    {"file:", look_at_file},
    {"systemd:", look_at_systemd},
    {"command:", look_at_command},
};

void
standing_find(struct standing *standing, const struct account *account,
    const struct selection *selection, bool has_password, int64_t deadline_ms)
{
	const char *source = account->text[SETTING_CREDENTIAL];

	*standing = (struct standing){.auth = auth_of(account)};
	if (!params_need_secret(account)) {
		tell(standing, "not-needed", "no credential is needed");
		return;
	}
	if (source == NULL && has_password) {
		snprintf(standing->credential, sizeof standing->credential,
		    "env:" CREDENTIAL_VARIABLE);
		tell(standing, "set", "in the variable " CREDENTIAL_VARIABLE);
		return;
	}
	if (source == NULL)
		source = "keyring";
	text_printable(standing->credential, sizeof standing->credential,
	    source, strlen(source));
	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
		if (!text_has_prefix(source, looks[i].prefix))
			continue;
		looks[i].look(standing, source + strlen(looks[i].prefix));
		return;
	}
	ask_keeper(standing, account, selection, deadline_ms);
}

static const char *
auth_of(const struct account *account)
{
	if (account->uses_oauth2)
		return "oauth2";
	if (params_need_secret(account))
		return "password";
	return account->text[SETTING_TLS_CERT_FILE] != NULL ? "certificate"
							    : "none";
}

static void
look_at_variable(struct standing *standing, const char *argument)
{
	const char *value = getenv(argument);

	if (value != NULL && *value != '\0')
		tell(standing, "set", "in the variable %s", argument);
	else
		tell(standing, "missing", "the variable %s is not set",
		    argument);
}

static void
look_at_file(struct standing *standing, const char *argument)
{
	struct error ignored;
	char *path = paths_expand(argument, &ignored);

	if (path != NULL && access(path, R_OK) == 0)
		tell(standing, "there", "in %s", argument);
	else
		tell(standing, "missing", "%s can't be read", argument);
	free(path);
}

static void
look_at_systemd(struct standing *standing, const char *argument)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", folder != NULL ? folder : "",
	    argument);
	if (folder != NULL && access(path, R_OK) == 0)
		tell(standing, "there", "%s, from systemd", argument);
	else
		tell(standing, "missing", "%s comes from systemd, not here",
		    argument);
}

/* The command may name a secret. */
static void
look_at_command(struct standing *standing, const char *argument)
{
	(void)argument;
	snprintf(standing->credential, sizeof standing->credential, "command");
	tell(standing, "asked-when-needed", "a command is asked when needed");
}

static void
ask_keeper(struct standing *standing, const struct account *account,
    const struct selection *selection, int64_t deadline_ms)
{
	struct credential_request request =
	    params_for_credential(account, selection);
	struct keeper_status status;
	struct error err;

	if (request.helper != NULL && !request.is_token) {
		tell(standing, "asked-when-needed",
		    "the credential helper is asked when needed");
		return;
	}
	request.selection = selection->word;
	request.deadline_ms = deadline_ms;
	if (keeper_status(&request, &status, &err) == -1)
		tell(standing, "unknown", "not known: %s", err.message);
	else if (status.kind == KEEPER_HAS_TOKENS)
		tell_tokens(standing, &status);
	else if (status.kind == KEEPER_HAS_PASSWORD)
		tell(standing, "kept", "in %s",
		    account->text[SETTING_CREDENTIAL_FOLDER] != NULL
			? account->text[SETTING_CREDENTIAL_FOLDER]
			: "the keyring");
	else
		tell(standing, "missing", "%s: postrider login %s",
		    request.is_token ? "not signed in" : "not there yet",
		    account_label(account));
}

static void
tell_tokens(struct standing *standing, const struct keeper_status *status)
{
	bool is_valid = status->expires_at > (int64_t)time(NULL);
	char left[TIME_LEFT_SIZE];

	time_left((time_t)status->expires_at, left);
	standing->expires_at = status->expires_at;
	if (status->refusal[0] != '\0')
		tell(standing, "refused", "sign in again: %s", status->refusal);
	else if (is_valid && status->is_refreshable)
		tell(standing, "signed-in",
		    "signed in; the token is valid for %s, then renewed", left);
	else if (status->is_refreshable)
		tell(standing, "signed-in",
		    "signed in; the token is renewed when needed");
	else if (is_valid)
		tell(standing, "signed-in",
		    "signed in for %s; then sign in again", left);
	else
		tell(standing, "expired",
		    "the token has expired: sign in again");
}

static void
tell(struct standing *standing, const char *state, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vformat_printable(standing->words, sizeof standing->words, format,
	    args);
	va_end(args);
	standing->state = state;
}
