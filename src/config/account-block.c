/* SPDX-License-Identifier: MIT */
/*
 * Decides which account block is used, or that none is. The server, the user
 * and the credential belong together: a command line that names one of them
 * must not get the others from a block that it doesn't name.
 */
#include "config/account-block.h"

#include <stdlib.h>
#include <string.h>

#include "config/account-refuse.h"
#include "config/directory-match.h"

static int choose_named(const struct config *config, const char *name,
    struct account_block *choice, struct error *err);
static int choose_other(const struct config *config,
    struct account_block *choice, struct error *err);
static const char *own_account_source(const struct config *config,
    const struct layers *layers);
static bool has_value(const struct layers *layers, enum layer layer,
    enum setting_id id);
static bool any_has_user(const struct config *config, const char *user);
static const struct config_account *find_by_user(const struct config *config,
    const struct account_query *query, const char *user);
static bool block_has_user(const struct config_account *block,
    const char *user);
static const char *given_user(const struct layers *layers);
static struct address_span query_address(const struct account_query *query,
    const struct layers *layers);

int
account_block_choose(const struct config *config,
    const struct account_query *query, const struct layers *layers,
    struct account_block *ret_choice, struct error *err)
{
	const char *user = given_user(layers);
	struct account_block choice = {.found_by = "sender address"};

	if (query->name != NULL)
		return choose_named(config, query->name, ret_choice, err);
	if (query->sender_is_named)
		choice.block = address_match_account(config,
		    address_match_first(query->sender));
	if (choice.block == NULL)
		choice.own = own_account_source(config, layers);
	if (choice.block == NULL && choice.own == NULL && user != NULL) {
		choice.found_by = "user";
		choice.block = find_by_user(config, query, user);
	}
	if (choice.block == NULL && choice.own == NULL) {
		struct address_span address = query_address(query, layers);

		choice.block = address_match_account(config, address);
		if (choice.block != NULL &&
		    !address_match_is_exact(choice.block, address))
			choice.found_by = "sender domain";
	}
	if (choice.block == NULL && choice.own == NULL &&
	    choose_other(config, &choice, err) == -1)
		return -1;
	*ret_choice = choice;
	return 0;
}

/* For a sender that no block lists. */
static int
choose_other(const struct config *config, struct account_block *choice,
    struct error *err)
{
	struct directory_match match;

	if (directory_match_account(config, &match, err) == -1)
		return -1;
	if (match.block != NULL) {
		*choice = (struct account_block){.block = match.block,
		    .found_by = "directory ",
		    .found_name = match.directory};
		return 0;
	}
	choice->found_by = "default account";
	return config_default_account(config, &choice->block, err);
}

static int
choose_named(const struct config *config, const char *name,
    struct account_block *choice, struct error *err)
{
	*choice = (struct account_block){.found_by = "by name",
	    .block = config_find_account(config, name)};
	return choice->block != NULL
	    ? 0
	    : account_refuse_unknown(config, name, err);
}

/* What describes an account of its own, or NULL. */
static const char *
own_account_source(const struct config *config, const struct layers *layers)
{
	static const struct {
		enum layer layer;
		const char *source;
	} rows[] = {{LAYER_FLAGS, "of the command line"},
	    {LAYER_ENVIRONMENT, "of the environment"}};

	const char *user = given_user(layers);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (has_value(layers, rows[i].layer, SETTING_HOST) ||
		    has_value(layers, rows[i].layer, SETTING_PROVIDER))
			return rows[i].source;
		if (has_value(layers, rows[i].layer, SETTING_USER) &&
		    !any_has_user(config, user))
			return rows[i].source;
	}
	return NULL;
}

/* An empty value only hides that of another layer. */
static bool
has_value(const struct layers *layers, enum layer layer, enum setting_id id)
{
	const char *text = layers_value_in(layers, layer, id);

	return text != NULL && *text != '\0';
}

static bool
any_has_user(const struct config *config, const char *user)
{
	for (size_t i = 0; i < config->account_count; i++) {
		if (block_has_user(&config->account[i], user))
			return true;
	}
	return false;
}

/* Of several, the block that would be used without --user. */
static const struct config_account *
find_by_user(const struct config *config, const struct account_query *query,
    const char *user)
{
	const struct config_account *block =
	    address_match_account(config, address_match_first(query->sender));
	struct account_block other = {.block = NULL};
	struct error ignored;

	if (block != NULL && block_has_user(block, user))
		return block;
	if (choose_other(config, &other, &ignored) == 0) {
		free(other.found_name);
		if (other.block != NULL && block_has_user(other.block, user))
			return other.block;
	}
	for (size_t i = 0; i < config->account_count; i++) {
		block = &config->account[i];
		if (block_has_user(block, user))
			return block;
	}
	return NULL;
}

/* The user defaults to the first address. */
static bool
block_has_user(const struct config_account *block, const char *user)
{
	const char *own = block->settings.text[SETTING_USER];
	struct address_span address;

	if (own != NULL)
		return strcmp(own, user) == 0;
	own = block->settings.text[SETTING_FROM];
	if (own == NULL)
		own = block->settings.text[SETTING_MAILBOX];
	address = address_match_first(own);
	return address.len == strlen(user) &&
	    memcmp(address.at, user, address.len) == 0;
}

/* The user in the flags or the environment, or NULL. */
static const char *
given_user(const struct layers *layers)
{
	if (has_value(layers, LAYER_FLAGS, SETTING_USER))
		return layers_value_in(layers, LAYER_FLAGS, SETTING_USER);
	return has_value(layers, LAYER_ENVIRONMENT, SETTING_USER)
	    ? layers_value_in(layers, LAYER_ENVIRONMENT, SETTING_USER)
	    : NULL;
}

/* The sender, else an address in the settings that no block sets. */
static struct address_span
query_address(const struct account_query *query, const struct layers *layers)
{
	struct address_span address = address_match_first(query->sender);

	if (address.len == 0)
		address = address_match_first(
		    layers_user_value(layers, SETTING_FROM));
	if (address.len == 0)
		address = address_match_first(
		    layers_user_value(layers, SETTING_USER));
	return address;
}
