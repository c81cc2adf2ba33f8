/* SPDX-License-Identifier: MIT */
/*
 * Describes the places of credentials, by a table with a row for each kind.
 */
#include "cli/credential-place.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/text.h"
#include "report/time.h"
#include "credential/keeper.h"
#include "credential/request.h"
#include "submit/params.h"

typedef void place_look(const struct credential_place *place,
    struct credential_state *state);

static place_look place_look_at_variable;
static place_look place_look_at_file;
static place_look place_look_at_systemd;
static place_look place_look_at_program;
static enum credential_place_kind place_find_kind(const char *source,
    const struct account *account);
static void place_look_at_keeper(const struct credential_place *place,
    const struct route *route, int64_t deadline_ms,
    struct credential_state *state);
static void place_describe_tokens(const struct keeper_status *status,
    struct credential_state *state);
static void place_set_state(struct credential_state *state, const char *name,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

static const struct {
	const char *prefix; /* of the setting; NULL: none */
	const char *words;
	bool is_named; /* the argument follows the words */
	place_look *look;
} places[CREDENTIAL_PLACE_KIND_COUNT] = {
    [CREDENTIAL_PLACE_VARIABLE] = {"env:", "the variable ", true,
	place_look_at_variable},
    [CREDENTIAL_PLACE_FILE] = {"file:", "the file ", true, place_look_at_file},
    [CREDENTIAL_PLACE_SYSTEMD] = {"systemd:", "the systemd credential ", true,
	place_look_at_systemd},
    [CREDENTIAL_PLACE_COMMAND] = {"command:", "a command", false,
	place_look_at_program},
    [CREDENTIAL_PLACE_HELPER] = {NULL, "the credential helper", false,
	place_look_at_program},
    [CREDENTIAL_PLACE_DIRECTORY] = {NULL, "the directory ", true, NULL},
    [CREDENTIAL_PLACE_KEYRING] = {NULL, "the keyring", false, NULL},
};

bool
credential_place_has_variable(void)
{
	const char *value = getenv(CREDENTIAL_VARIABLE);

	return value != NULL && *value != '\0';
}

void
credential_place_find(struct credential_place *place,
    const struct account *account, bool has_variable)
{
	const char *source = account->text[SETTING_CREDENTIAL];

	if (source == NULL)
		source = has_variable ? "env:" CREDENTIAL_VARIABLE : "keyring";
	*place =
	    (struct credential_place){.kind = place_find_kind(source, account),
		.has_variable = has_variable};
	if (places[place->kind].prefix != NULL)
		place->argument = source + strlen(places[place->kind].prefix);
	if (place->kind == CREDENTIAL_PLACE_DIRECTORY)
		place->argument = account->text[SETTING_CREDENTIAL_FOLDER];
	text_format_printable(place->setting, sizeof place->setting, "%s",
	    place->kind == CREDENTIAL_PLACE_COMMAND ? "command" : source);
	text_format_printable(place->name, sizeof place->name, "%s%s",
	    places[place->kind].words,
	    places[place->kind].is_named ? place->argument : "");
}

bool
credential_place_is_ours(const struct credential_place *place)
{
	return place->kind >= CREDENTIAL_PLACE_HELPER;
}

void
credential_place_look(const struct credential_place *place,
    const struct route *route, int64_t deadline_ms,
    struct credential_state *state)
{
	*state = (struct credential_state){0};
	if (!params_need_secret(route->account))
		place_set_state(state, "not-needed", "no credential is needed");
	else if (places[place->kind].look != NULL)
		places[place->kind].look(place, state);
	else
		place_look_at_keeper(place, route, deadline_ms, state);
}

static enum credential_place_kind
place_find_kind(const char *source, const struct account *account)
{
	for (int kind = 0; kind < CREDENTIAL_PLACE_KIND_COUNT; kind++) {
		const char *prefix = places[kind].prefix;

		if (prefix != NULL && text_has_prefix(source, prefix))
			return (enum credential_place_kind)kind;
	}
	if (account->text[SETTING_CREDENTIAL_HELPER] != NULL &&
	    !account->uses_oauth2)
		return CREDENTIAL_PLACE_HELPER;
	return account->text[SETTING_CREDENTIAL_FOLDER] != NULL
	    ? CREDENTIAL_PLACE_DIRECTORY
	    : CREDENTIAL_PLACE_KEYRING;
}

static void
place_look_at_variable(const struct credential_place *place,
    struct credential_state *state)
{
	const char *value = getenv(place->argument);
	bool is_set = value != NULL && *value != '\0';

	if (is_set ||
	    (place->has_variable &&
		strcmp(place->argument, CREDENTIAL_VARIABLE) == 0))
		place_set_state(state, "set", "in %s", place->name);
	else
		place_set_state(state, "missing", "%s is not set", place->name);
}

static void
place_look_at_file(const struct credential_place *place,
    struct credential_state *state)
{
	struct error ignored;
	char *path = paths_expand(place->argument, &ignored);

	if (path != NULL && access(path, R_OK) == 0)
		place_set_state(state, "there", "in %s", place->name);
	else
		place_set_state(state, "missing", "%s cannot be read",
		    place->name);
	free(path);
}

static void
place_look_at_systemd(const struct credential_place *place,
    struct credential_state *state)
{
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", directory != NULL ? directory : "",
	    place->argument);
	if (directory != NULL && access(path, R_OK) == 0)
		place_set_state(state, "there", "in %s", place->name);
	else
		place_set_state(state, "missing",
		    "%s is available only to the systemd unit", place->name);
}

static void
place_look_at_program(const struct credential_place *place,
    struct credential_state *state)
{
	place_set_state(state, "asked-when-needed",
	    "%s provides it when needed", place->name);
}

static void
place_look_at_keeper(const struct credential_place *place,
    const struct route *route, int64_t deadline_ms,
    struct credential_state *state)
{
	struct credential_request request = params_for_credential(route);
	struct keeper_status status;
	struct error err;

	request.deadline_ms = deadline_ms;
	if (keeper_status(&request, &status, &err) == -1)
		place_set_state(state, "unknown", "unknown: %s", err.message);
	else if (status.kind == KEEPER_HAS_TOKENS)
		place_describe_tokens(&status, state);
	else if (status.kind == KEEPER_HAS_PASSWORD)
		place_set_state(state, "kept", "in %s", place->name);
	else
		place_set_state(state, "missing", "%s; run postrider login %s",
		    request.is_token ? "not signed in" : "not stored",
		    account_label(route->account));
}

static void
place_describe_tokens(const struct keeper_status *status,
    struct credential_state *state)
{
	bool is_valid = status->expires_at > (int64_t)time(NULL);
	char left[TIME_LEFT_SIZE];

	time_left((time_t)status->expires_at, left);
	state->expires_at = status->expires_at;
	if (status->refusal[0] != '\0')
		place_set_state(state, "refused", "sign in again: %s",
		    status->refusal);
	else if (is_valid && status->is_refreshable)
		place_set_state(state, "signed-in",
		    "signed in; the token is valid for %s and then renewed",
		    left);
	else if (status->is_refreshable)
		place_set_state(state, "signed-in",
		    "signed in; the token is renewed when needed");
	else if (is_valid)
		place_set_state(state, "signed-in",
		    "signed in for %s; then sign in again", left);
	else
		place_set_state(state, "expired",
		    "the token has expired: sign in again");
}

static void
place_set_state(struct credential_state *state, const char *name,
    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vformat_printable(state->text, sizeof state->text, format, args);
	va_end(args);
	state->state = name;
}
