/* SPDX-License-Identifier: MIT */
/* Shows and changes the default account. */
#include "cli/accounts-default.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/json.h"
#include "config/account-refuse.h"
#include "config/address-match.h"
#include "config/config-change.h"

static int default_show(const struct options *options,
    const struct config *config, struct error *err);
static int default_set(const struct options *options,
    const struct config *config, struct error *err);
static void default_print(const struct options *options, const char *name,
    const char *rest);

int
accounts_default(const struct options *options, const struct config *config,
    struct error *err)
{
	if (strcmp(options->argument[0], "default") != 0) {
		error_set(err, ERROR_USAGE, "accounts: unknown argument: %s",
		    options->argument[0]);
		return error_hint(err,
		    "use \"postrider accounts\" or \"postrider accounts "
		    "default NAME\"");
	}
	if (options->argument_count > 2)
		return error_set(err, ERROR_USAGE,
		    "accounts default: too many arguments: %s",
		    options->argument[2]);
	return options->argument_count == 1 ? default_show(options, config, err)
					    : default_set(options, config, err);
}

static int
default_show(const struct options *options, const struct config *config,
    struct error *err)
{
	const struct config_account *account;

	if (config_default_account(config, &account, err) == -1)
		return -1;
	if (account == NULL)
		return account_refuse_no_default(config, NULL, err);
	default_print(options, account->name, "");
	return 0;
}

static int
default_set(const struct options *options, const struct config *config,
    struct error *err)
{
	const char *name = options->argument[1];
	const struct config_account *account =
	    config_find_account(config, name);
	char *path;

	if (account == NULL)
		account =
		    address_match_account(config, address_match_first(name));
	if (account == NULL)
		return account_refuse_unknown(config, name, err);
	if (config_set(config->path, NULL, "default-account", account->name,
		false, &path, err) == -1)
		return -1;
	free(path);
	default_print(options, account->name, " is now the default account");
	return 0;
}

static void
default_print(const struct options *options, const char *name, const char *rest)
{
	struct json json = {.out = stdout};

	if (!options->report.json) {
		printf("%s%s\n", name, rest);
		return;
	}
	json_open(&json, NULL, '{');
	json_text(&json, "default", name);
	json_close(&json, '}');
	json_end(&json);
}
