/* SPDX-License-Identifier: MIT */
/*
 * The command import: adds the accounts of another program. Each is added as
 * login adds one; a password goes to the place of the account's credentials,
 * never into the configuration.
 */
#include "cli/verbs.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/buf.h"
#include "config/config-change.h"
#include "config/config-edit.h"
#include "config/suggestion.h"
#include "credential/credential.h"
#include "import/import.h"
#include "submit/params.h"

enum {
	TEXT_MAX = 1 << 20
};

static int import_survey(struct error *err);
static int import_unknown_tool(const char *name, struct error *err);
static int import_from(const struct options *options,
    const struct import_tool *tool, const char *path, struct error *err);
static int import_add_all(const struct options *options, struct import *import,
    struct error *err);
static int import_add_one(const struct options *options,
    const struct import_account *account, struct error *err);
static int import_store(const struct options *options,
    const struct import_account *account, struct error *err);
static int import_set_default(const struct options *options,
    const struct import *import, struct error *err);
static int import_show(const struct import *import, struct error *err);
static void import_print_notes(const struct import *import);
static bool has_account(const struct options *options, const char *name,
    bool *ret_exists, struct error *err);

int
verb_import(struct options *options, struct error *err)
{
	const struct import_tool *tool;

	if (options->argument_count == 0)
		return import_survey(err);
	if (options->argument_count > 2) {
		error_set(err, ERROR_USAGE,
		    "import takes a program and a file");
		return error_hint(err, "see \"postrider help import\"");
	}
	tool = import_tool_find(options->argument[0]);
	if (tool == NULL)
		return import_unknown_tool(options->argument[0], err);
	return import_from(options, tool,
	    options->argument_count > 1 ? options->argument[1] : NULL, err);
}

/* Without a program: which have something. */
static int
import_survey(struct error *err)
{
	bool found = false;

	for (const struct import_tool *tool = import_tools; tool->name != NULL;
	     tool++) {
		struct import import;
		struct error problem;
		int result;

		import_init(&import);
		result = tool->read(&import, NULL, &problem);
		if (result == -1 && problem.code != ERROR_INPUT) {
			printf("%-12s %s\n", tool->name, problem.message);
			found = true;
		} else if (result == 0 && import.account_count > 0) {
			printf("%-12s %zu account%s: postrider import %s\n",
			    tool->name, import.account_count,
			    import.account_count > 1 ? "s" : "", tool->name);
			found = true;
		}
		import_done(&import);
	}
	if (found)
		return EX_OK;
	error_set(err, ERROR_CONFIG,
	    "no other program here is configured to send mail");
	return error_hint(err,
	    "postrider login me@example.org adds an account");
}

static int
import_unknown_tool(const char *name, struct error *err)
{
	struct suggestion suggestion;
	struct buf names;

	suggestion_init(&suggestion, name);
	buf_init(&names, ERROR_HINT_SIZE);
	for (const struct import_tool *tool = import_tools; tool->name != NULL;
	     tool++) {
		suggestion_offer(&suggestion, tool->name);
		buf_addf(&names, err, "%s%s", names.len > 0 ? ", " : "",
		    tool->name);
	}
	error_set(err, ERROR_USAGE, "postrider can't import from \"%s\"", name);
	if (suggestion.best != NULL)
		error_hint(err, "did you mean %s?", suggestion.best);
	else
		error_hint(err, "the programs are %s", buf_text(&names));
	buf_done(&names);
	return -1;
}

static int
import_from(const struct options *options, const struct import_tool *tool,
    const char *path, struct error *err)
{
	struct import import;
	int result;

	import_init(&import);
	result = tool->read(&import, path, err);
	if (result == -1 && err->code == ERROR_INPUT && path == NULL)
		error_hint(err,
		    "if %s is configured in another file, name it: postrider "
		    "import %s FILE",
		    tool->title, tool->name);
	if (result == 0 && import.account_count == 0) {
		import_print_notes(&import);
		error_set(err, ERROR_CONFIG,
		    "the configuration of %s names no server", tool->title);
		result = error_hint(err,
		    "postrider login me@example.org adds an account");
	} else if (result == 0) {
		result = options->dry_run
		    ? import_show(&import, err)
		    : import_add_all(options, &import, err);
		import_print_notes(&import);
	}
	import_done(&import);
	return result;
}

static int
import_add_all(const struct options *options, struct import *import,
    struct error *err)
{
	for (size_t i = 0; i < import->account_count; i++) {
		const struct import_account *account = &import->account[i];
		bool exists = false;

		if (!has_account(options, account->name, &exists, err))
			return -1;
		if (exists) {
			printf("the account \"%s\" exists already, and stays "
			       "as it is\n",
			    account->name);
			continue;
		}
		if (import_add_one(options, account, err) == -1)
			return -1;
	}
	return import_set_default(options, import, err) == -1 ? -1 : EX_OK;
}

static int
import_add_one(const struct options *options,
    const struct import_account *account, struct error *err)
{
	struct error problem;
	char *path = NULL;
	char *first = NULL;

	if (config_add_account(options->config_path, account->name,
		&account->settings, &path, &first, err) == -1)
		return -1;
	printf("added the account \"%s\" to %s\n", account->name, path);
	free(path);
	free(first);
	if (account->password == NULL)
		return 0;
	if (import_store(options, account, &problem) == 0) {
		printf("stored its password; check it with: postrider check "
		       "%s\n",
		    account->name);
		return 0;
	}
	printf("its password is not stored: %s\n"
	       "store it with: postrider login %s\n",
	    problem.message, account->name);
	return 0;
}

static int
import_store(const struct options *options,
    const struct import_account *account, struct error *err)
{
	struct account_query query = {.name = account->name,
	    .flags = &options->flags};
	struct credential_request request;
	struct route route;
	int result;

	route_init(&route);
	result = route_load(&route, options->config_path, err);
	if (result == 0)
		result =
		    route_resolve(&route, &query, options->config_path, err);
	if (result == 0) {
		request = params_for_credential(&route);
		result = credential_store(&request, account->password, err);
	}
	route_done(&route);
	return result;
}

static int
import_set_default(const struct options *options, const struct import *import,
    struct error *err)
{
	char *path = NULL;
	int result;

	if (import->default_account == NULL || import->account_count < 2)
		return 0;
	result = config_set(options->config_path, NULL, "default-account",
	    import->default_account, false, &path, err);
	if (result == 0)
		printf("the default account is \"%s\"\n",
		    import->default_account);
	free(path);
	return result;
}

/* As the blocks would be written. */
static int
import_show(const struct import *import, struct error *err)
{
	struct buf text;
	int result = 0;

	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; result == 0 && i < import->account_count; i++) {
		const struct import_account *account = &import->account[i];

		result = config_edit_add_account(&text, account->name,
		    &account->settings, err);
		if (result == 0 && account->password != NULL)
			result = buf_addf(&text, err,
			    "# its password would be stored, not written "
			    "here\n");
	}
	if (result == 0 && import->default_account != NULL &&
	    import->account_count > 1)
		result = buf_addf(&text, err, "default-account = \"%s\"\n",
		    import->default_account);
	if (result == 0)
		fputs(buf_text(&text), stdout);
	buf_done(&text);
	return result == 0 ? EX_OK : -1;
}

static void
import_print_notes(const struct import *import)
{
	for (size_t i = 0; i < import->note_count; i++)
		fprintf(stderr, "note: %s\n", import->note[i]);
}

static bool
has_account(const struct options *options, const char *name, bool *ret_exists,
    struct error *err)
{
	struct route route;
	bool is_loaded;

	route_init(&route);
	is_loaded = route_load(&route, options->config_path, err) == 0;
	if (is_loaded)
		*ret_exists = config_find_account(route.config, name) != NULL;
	route_done(&route);
	return is_loaded;
}
