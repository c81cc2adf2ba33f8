/* SPDX-License-Identifier: MIT */
/*
 * The command accounts: lists the accounts of the configuration, each with its
 * server, user and the state of its credential. accounts-default.c shows and
 * changes the default.
 */
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/wrap.h"
#include "cli/accounts-default.h"
#include "cli/credential-place.h"
#include "report/json.h"
#include "report/report.h"
#include "report/terminal-style.h"
#include "report/time.h"
#include "submit/params.h"
#include "submit/route.h"

enum {
	/* For all accounts, so that a locked keyring does not block the
	 * list. */
	LIMIT_MS = 5000,
	LIST_MAX = 1024 * 1024,
	COLUMN = 22 /* after the name and two blanks */
};

struct listing {
	const struct options *options;
	struct route route; /* of one account after the other */
	struct json json;
	int64_t deadline_ms;
	bool has_variable; /* POSTRIDER_PASSWORD was set */
};

/* One account of the list. */
struct entry {
	const char *name;
	bool is_default;
	const struct account *account; /* NULL: it cannot be used, see err */
	struct credential_place place;
	struct credential_state state;
	struct error err;
};

static int accounts_list(struct listing *listing, struct error *err);
static void no_accounts(const struct config *config);
static void accounts_find_entry(struct listing *listing, struct entry *entry);
static void accounts_print_entry(const struct entry *entry);
static void accounts_print_line(const char *what, const char *text);
static bool accounts_senders_are_plain(const struct account *account);
static void accounts_print_list(const struct account *account,
    enum setting_id id);
static void accounts_add_entry(struct json *json, const struct entry *entry);
static void accounts_add_account(struct json *json,
    const struct account *account);
static void accounts_add_list(struct json *json, const char *key,
    const struct account_list *list);
static void accounts_add_credential(struct json *json,
    const struct entry *entry);
static const char *sign_in_kind(const struct account *account);

int
verb_accounts(struct options *options, struct error *err)
{
	struct listing listing = {.options = options,
	    .json = {.out = stdout},
	    .deadline_ms = clock_now_ms() + LIMIT_MS,
	    .has_variable = credential_place_has_variable()};
	int result;

	route_init(&listing.route);
	result = route_load(&listing.route, options->config_path, err);
	if (result == 0)
		result = options->argument_count > 0
		    ? accounts_default(options, listing.route.config, err)
		    : accounts_list(&listing, err);
	route_done(&listing.route);
	return result;
}

static int
accounts_list(struct listing *listing, struct error *err)
{
	const struct config *config = listing->route.config;
	const struct config_account *first = NULL;
	bool as_json = listing->options->report.json;

	if (config_default_account(config, &first, err) == -1)
		return -1;
	if (as_json)
		json_open(&listing->json, NULL, '[');
	for (size_t i = 0; i < config->account_count; i++) {
		struct entry entry = {.name = config->account[i].name,
		    .is_default = &config->account[i] == first};

		accounts_find_entry(listing, &entry);
		if (as_json)
			accounts_add_entry(&listing->json, &entry);
		else
			accounts_print_entry(&entry);
	}
	if (as_json) {
		json_close(&listing->json, ']');
		json_end(&listing->json);
	} else if (config->account_count == 0) {
		no_accounts(config);
	}
	return 0;
}

static void
no_accounts(const struct config *config)
{
	struct error err;

	if (config->path != NULL)
		error_set(&err, ERROR_CONFIG, "no accounts in %s",
		    config->path);
	else
		error_set(&err, ERROR_CONFIG, "there is no configuration file");
	error_hint(&err,
	    "run postrider login me@example.org to add an account");
	report_error(&err);
}

static void
accounts_find_entry(struct listing *listing, struct entry *entry)
{
	struct route *route = &listing->route;
	struct settings no_flags;
	struct account_query query = {.name = entry->name, .flags = &no_flags};

	settings_init(&no_flags);
	if (route_resolve(route, &query, listing->options->config_path,
		&entry->err) == 0) {
		entry->account = route->account;
		credential_place_find(&entry->place, route->account,
		    listing->has_variable);
		credential_place_look(&entry->place, route,
		    listing->deadline_ms, &entry->state);
	}
	settings_done(&no_flags);
}

/* Completions rely on the two blanks after the name. */
static void
accounts_print_entry(const struct entry *entry)
{
	const struct account *account = entry->account;

	if (account == NULL) {
		printf("%-20s  %s\n", entry->name, entry->err.message);
		return;
	}
	printf("%-20s  %s", entry->name, account->text[SETTING_HOST]);
	if (!account_uses_socket(account))
		printf(":%u", account_number(account, SETTING_PORT));
	printf("  %s%s\n",
	    account->text[SETTING_USER] != NULL ? account->text[SETTING_USER]
						: "no sign-in",
	    entry->is_default ? "  (default)" : "");
	if (account->text[SETTING_USER] != NULL)
		accounts_print_line(sign_in_kind(account), entry->state.text);
	if (!accounts_senders_are_plain(account))
		accounts_print_list(account, SETTING_FROM);
	if (account->list[SETTING_DIRECTORY].count > 0)
		accounts_print_list(account, SETTING_DIRECTORY);
}

static void
accounts_print_line(const char *what, const char *text)
{
	printf("%-20s  %s: ", "", what);
	wrap_print(stdout, text, COLUMN + strlen(what) + 2, COLUMN,
	    terminal_columns(stdout));
}

/* Whether the account is for the address that is its user, and no other. */
static bool
accounts_senders_are_plain(const struct account *account)
{
	const struct account_list *from = &account->list[SETTING_FROM];
	const char *user = account->text[SETTING_USER];

	return from->count == 0 ||
	    (from->count == 1 && user != NULL &&
		text_equals(from->element[0], user));
}

static void
accounts_print_list(const struct account *account, enum setting_id id)
{
	const struct account_list *list = &account->list[id];
	struct error ignored;
	struct buf text;

	buf_init(&text, LIST_MAX);
	for (size_t i = 0; i < list->count; i++) {
		if (buf_addf(&text, &ignored, "%s%s", i > 0 ? ", " : "",
			list->element[i]) == -1)
			break;
	}
	accounts_print_line(setting_row(id)->name, buf_text(&text));
	buf_done(&text);
}

static void
accounts_add_entry(struct json *json, const struct entry *entry)
{
	json_open(json, NULL, '{');
	json_text(json, "name", entry->name);
	json_bool(json, "default", entry->is_default);
	if (entry->account == NULL) {
		json_text(json, "error", entry->err.message);
	} else {
		accounts_add_account(json, entry->account);
		accounts_add_credential(json, entry);
	}
	json_close(json, '}');
}

static void
accounts_add_account(struct json *json, const struct account *account)
{
	json_text(json, "provider",
	    account->provider != NULL ? account->provider->name : NULL);
	json_text(json, "host", account->text[SETTING_HOST]);
	json_number(json, "port", account_number(account, SETTING_PORT));
	json_text(json, "user", account->text[SETTING_USER]);
	accounts_add_list(json, "from", &account->list[SETTING_FROM]);
	accounts_add_list(json, "directories",
	    &account->list[SETTING_DIRECTORY]);
}

static void
accounts_add_list(struct json *json, const char *key,
    const struct account_list *list)
{
	json_open(json, key, '[');
	for (size_t i = 0; i < list->count; i++)
		json_text(json, NULL, list->element[i]);
	json_close(json, ']');
}

static void
accounts_add_credential(struct json *json, const struct entry *entry)
{
	const struct credential_state *state = &entry->state;
	char moment[TIME_UTC_SIZE];

	time_utc((time_t)state->expires_at, moment);
	json_text(json, "auth", sign_in_kind(entry->account));
	json_text(json, "credential",
	    params_need_secret(entry->account) ? entry->place.setting : NULL);
	json_text(json, "directory",
	    entry->place.kind == CREDENTIAL_PLACE_DIRECTORY
		? entry->place.argument
		: NULL);
	json_text(json, "state", state->state);
	json_text(json, "detail", state->text);
	json_text(json, "expires_at", state->expires_at != 0 ? moment : NULL);
}

static const char *
sign_in_kind(const struct account *account)
{
	if (account->uses_oauth2)
		return "oauth2";
	if (params_need_secret(account))
		return "password";
	return account->text[SETTING_TLS_CERT_FILE] != NULL ? "certificate"
							    : "none";
}
