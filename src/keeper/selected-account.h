/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_SELECTED_ACCOUNT_H
#define KEEPER_SELECTED_ACCOUNT_H

/*
 * The account that an operation is for: the one that postrider resolved too, or
 * the one that a question of git's means; and the vault of its credentials.
 */

#include <stdint.h>

#include "base/error.h"
#include "config/account.h"
#include "config/config.h"
#include "config/helper-options.h"
#include "credential/credential-message.h"
#include "vault/vault.h"

struct selected_account {
	struct config *config;
	struct account *account; /* NULL: no account matches the question */
	char *host;              /* of the submission server, or NULL */
	uint16_t port;
	const char *user; /* borrowed from the account or the question */
	struct vault *vault;

	/* The words that select it for postrider-oauth2, NULL-terminated. */
	char **selection;
	char *account_word; /* one of them, or NULL */
};

/*
 * Finds the account: by the options if they select one, else by the question's
 * server and user (gitcredentials(7)), else there is none. on_prompt as in
 * struct vault_place. Call selected_account_done in any case.
 */
int selected_account_find(struct selected_account *selected,
    const struct helper_options *options,
    const struct credential_message *question, void (*on_prompt)(void),
    struct error *err);

void selected_account_done(struct selected_account *selected);

/* Whether its credential is an OAuth2 token that this program keeps. */
bool selected_account_has_tokens(const struct selected_account *selected);

/* The key of its entry of that service in the vault. */
struct vault_key selected_account_key(const struct selected_account *selected,
    const char *service);

#endif
