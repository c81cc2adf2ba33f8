/* SPDX-License-Identifier: MIT */
/*
 * The command logout: deletes the stored credential of an account. Does not
 * change the configuration.
 */
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/credential-place.h"
#include "report/json.h"
#include "cli/verb-route.h"
#include "credential/credential.h"
#include "credential/keeper.h"
#include "submit/params.h"

enum {
	DONE_MAX = 65536,
	LINE_SIZE = 512
};

/* What a logout did: lines for people. */
struct logout {
	struct route route;
	struct credential_place place;
	bool is_stored; /* there may be something to delete */
	struct buf done;
};

static int logout_delete_credential(struct logout *logout, struct error *err);
static void logout_print_text(const struct logout *logout);
static void logout_print_json(const struct logout *logout);
static bool logout_next_line(const char **at, char line[LINE_SIZE]);

int
verb_logout(struct options *options, struct error *err)
{
	struct logout logout = {.is_stored = false};
	int result;

	route_init(&logout.route);
	buf_init(&logout.done, DONE_MAX);
	result = verb_route_find(&logout.route, options, err);
	if (result == 0)
		result = logout_delete_credential(&logout, err);
	if (result == 0 && options->report.json)
		logout_print_json(&logout);
	else if (result == 0)
		logout_print_text(&logout);
	buf_done(&logout.done);
	route_done(&logout.route);
	return result;
}

static int
logout_delete_credential(struct logout *logout, struct error *err)
{
	const struct account *account = logout->route.account;
	struct credential_request request =
	    params_for_credential(&logout->route);

	credential_place_find(&logout->place, account, false);
	logout->is_stored = account->text[SETTING_USER] != NULL &&
	    credential_place_is_ours(&logout->place);
	if (!logout->is_stored)
		return 0;
	if (logout->place.kind != CREDENTIAL_PLACE_HELPER)
		return keeper_logout(&request, &logout->done, err);
	if (credential_erase(&request, NULL, err) == -1)
		return -1;
	return buf_add_text(&logout->done,
	    "asked the credential helper to erase the password\n", err);
}

static void
logout_print_text(const struct logout *logout)
{
	const struct route *route = &logout->route;
	const char *label = account_label(route->account);
	const char *at = buf_text(&logout->done);
	char line[LINE_SIZE];

	while (logout_next_line(&at, line))
		puts(line);
	if (route->account->text[SETTING_USER] == NULL)
		printf("nothing to delete: %s does not sign in\n", label);
	else if (!logout->is_stored)
		printf("nothing to delete: the credential of %s comes from "
		       "%s\n",
		    label, logout->place.name);
	if (route->account->name != NULL && route->config->path != NULL)
		printf("account \"%s\" remains in %s\n", route->account->name,
		    route->config->path);
}

static void
logout_print_json(const struct logout *logout)
{
	const struct account *account = logout->route.account;
	const char *at = buf_text(&logout->done);
	struct json json = {.out = stdout};
	char line[LINE_SIZE];

	json_open(&json, NULL, '{');
	json_text(&json, "status",
	    logout->is_stored ? "signed-out" : "nothing-kept");
	json_text(&json, "account", account->name);
	json_text(&json, "host", account->text[SETTING_HOST]);
	json_number(&json, "port", account_number(account, SETTING_PORT));
	json_text(&json, "user", account->text[SETTING_USER]);
	json_open(&json, "done", '[');
	while (logout_next_line(&at, line))
		json_text(&json, NULL, line);
	json_close(&json, ']');
	json_text(&json, "stays_in",
	    account->name != NULL ? logout->route.config->path : NULL);
	json_close(&json, '}');
	json_end(&json);
}

/* Takes a line of another program's output, made printable. */
static bool
logout_next_line(const char **at, char line[LINE_SIZE])
{
	size_t len = strcspn(*at, "\n");

	if (**at == '\0')
		return false;
	text_printable(line, LINE_SIZE, *at, len);
	*at += len + ((*at)[len] == '\n');
	return true;
}
