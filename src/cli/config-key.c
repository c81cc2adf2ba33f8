/* SPDX-License-Identifier: MIT */
/* Splits [ACCOUNT.]NAME. No name of a setting contains a dot. */
#include "cli/config-key.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/effective-setting.h"
#include "config/account-refuse.h"
#include "config/address-match.h"
#include "config/suggestion.h"

static int key_find_account(const struct config *config, struct config_key *key,
    size_t len, struct error *err);
static int key_refuse_account(const struct config_account *account,
    struct error *err);
static int key_refuse_name(const char *name, struct error *err);

#define DEFAULT_ACCOUNT "default-account"

int
config_key_parse(const struct config *config, const char *text,
    struct config_key *ret_key, struct error *err)
{
	const char *dot = strrchr(text, '.');
	const struct config_account *account =
	    config_find_account(config, text);
	struct config_key key = {.text = text,
	    .name = dot != NULL ? dot + 1 : text};

	key.is_default_account =
	    dot == NULL && strcmp(text, DEFAULT_ACCOUNT) == 0;
	if (!key.is_default_account && !setting_find(key.name, &key.id))
		return account != NULL ? key_refuse_account(account, err)
				       : key_refuse_name(key.name, err);
	if (dot != NULL &&
	    key_find_account(config, &key, (size_t)(dot - text), err) == -1)
		return -1;
	*ret_key = key;
	return 0;
}

bool
config_key_is_list(const struct config_key *key)
{
	return !key->is_default_account && effective_setting_is_list(key->id);
}

int
config_key_check_place(const struct config_key *key, struct error *err)
{
	if (key->account != NULL || key->is_default_account ||
	    (setting_row(key->id)->where & SETTING_IN_DEFAULTS) != 0)
		return 0;
	error_set(err, ERROR_USAGE, "%s can be set only for one account",
	    key->name);
	return error_hint(err, "write it as ACCOUNT.%s", key->name);
}

static int
key_find_account(const struct config *config, struct config_key *key,
    size_t len, struct error *err)
{
	char *name = text_copy(key->text, len);
	int result = 0;

	if (name == NULL)
		return error_no_memory(err);
	key->account = config_find_account(config, name);
	if (key->account == NULL)
		key->account =
		    address_match_account(config, address_match_first(name));
	if (key->account == NULL)
		result = account_refuse_unknown(config, name, err);
	free(name);
	return result;
}

static int
key_refuse_account(const struct config_account *account, struct error *err)
{
	error_set(err, ERROR_USAGE, "%s is an account, not a setting",
	    account->name);
	return error_hint(err,
	    "add the name of a setting, for example %s.host; \"postrider "
	    "config list %s\" shows all",
	    account->name, account->name);
}

static int
key_refuse_name(const char *name, struct error *err)
{
	struct suggestion suggestion;

	error_set(err, ERROR_USAGE, "unknown setting \"%s\"", name);
	suggestion_init(&suggestion, name);
	suggestion_offer(&suggestion, DEFAULT_ACCOUNT);
	for (enum setting_id id = 0; id < SETTING_COUNT; id++)
		suggestion_offer(&suggestion, setting_row(id)->name);
	if (suggestion.best != NULL)
		return error_hint(err, "did you mean %s?", suggestion.best);
	return error_hint(err, "postrider help options lists the settings");
}
