/* SPDX-License-Identifier: MIT */
/* Explains why no account is selected, and which there are. */
#include "config/account-refuse.h"

#include <string.h>

#include "base/buf.h"
#include "config/account-suggestion.h"
#include "config/address-match.h"

enum {
	NAMES_MAX = 6 /* accounts that a hint lists */
};

static int hint_known_accounts(const struct config *config, struct error *err);
static struct address_span block_address(const struct config_account *block);
static void add_names(const struct config *config, struct buf *names);

int
account_refuse_unknown(const struct config *config, const char *name,
    struct error *err)
{
	error_set(err, ERROR_CONFIG, "there is no account \"%s\"", name);
	if (account_suggestion_hint(config, name, err))
		return -1;
	return hint_known_accounts(config, err);
}

int
account_refuse_no_default(const struct config *config, const char *address,
    struct error *err)
{
	struct buf names;

	if (config->account_count == 0) {
		error_set(err, ERROR_CONFIG, "there are no accounts");
		return error_hint(err,
		    "run postrider login me@example.org to add an account");
	}
	if (address != NULL)
		error_set(err, ERROR_CONFIG,
		    "no account has the address %s, and none of the %zu "
		    "accounts is the default",
		    address, config->account_count);
	else
		error_set(err, ERROR_CONFIG,
		    "none of the %zu accounts is the default",
		    config->account_count);
	if (config->account_count > NAMES_MAX)
		return error_hint(err,
		    "use -a NAME, or choose one with \"postrider accounts "
		    "default NAME\"; \"postrider accounts\" lists them");
	buf_init(&names, ERROR_HINT_SIZE);
	add_names(config, &names);
	error_hint(err,
	    "use -a NAME, or choose one with \"postrider accounts default "
	    "NAME\": %s",
	    buf_text(&names));
	buf_done(&names);
	return -1;
}

int
account_refuse_hint_network(const struct config *config, struct error *err)
{
	struct buf names;

	buf_init(&names, ERROR_HINT_SIZE);
	add_names(config, &names);
	error_hint(err,
	    "check the network; to send through one of the accounts, use -a "
	    "NAME: %s",
	    buf_text(&names));
	buf_done(&names);
	return -1;
}

static int
hint_known_accounts(const struct config *config, struct error *err)
{
	struct buf names;

	if (config->path == NULL)
		return error_hint(err,
		    "run postrider login me@example.org to add an account; "
		    "there "
		    "is no configuration file");
	if (config->account_count == 0)
		return error_hint(err,
		    "run postrider login me@example.org to add an account; %s "
		    "has none",
		    config->path);
	buf_init(&names, ERROR_HINT_SIZE);
	add_names(config, &names);
	error_hint(err, "use one of the accounts %s", buf_text(&names));
	buf_done(&names);
	return -1;
}

/* As many as there is room for, with the address of each. */
static void
add_names(const struct config *config, struct buf *names)
{
	struct error ignored;

	for (size_t i = 0; i < config->account_count; i++) {
		const struct config_account *block = &config->account[i];
		struct address_span address = block_address(block);
		bool is_named = address.len == 0 ||
		    (address.len == strlen(block->name) &&
			memcmp(address.at, block->name, address.len) == 0);

		if (buf_addf(names, &ignored, "%s%s", i > 0 ? ", " : "",
			block->name) == -1 ||
		    (!is_named &&
			buf_addf(names, &ignored, " (%.*s)", (int)address.len,
			    address.at) == -1))
			break;
	}
}

static struct address_span
block_address(const struct config_account *block)
{
	struct address_span address =
	    address_match_first(block->settings.text[SETTING_FROM]);

	return address.len > 0
	    ? address
	    : address_match_first(block->settings.text[SETTING_USER]);
}
