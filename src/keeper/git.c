/* SPDX-License-Identifier: MIT */
/*
 * get, store and erase, for postrider and for git. No answer contains a refresh
 * token.
 */
#include "keeper/operations.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "keeper/access-token.h"
#include "keeper/token-entry.h"

static void announce_refresh(void);
static int write_answer(const struct selected_account *selected,
    const struct credential_message *entry, struct error *err);

int
operation_get(const struct operation_request *request, struct error *err)
{
	const struct selected_account *selected = request->selected;
	const struct vault_key key =
	    selected_account_key(selected, VAULT_PASSWORD);
	struct credential_message entry;
	int result = selected_account_has_tokens(selected)
	    ? access_token_get(selected, request->options->min_valid_ms,
		  announce_refresh, &entry, err)
	    : vault_load(selected->vault, &key, &entry, err);

	if (result == -1)
		return -1;
	if (entry.password != NULL)
		result = write_answer(selected, &entry, err);
	credential_message_done(&entry);
	return result;
}

/* git stores what worked. Of a token, that may be an old copy by now. */
int
operation_store(const struct operation_request *request, struct error *err)
{
	const struct selected_account *selected = request->selected;
	const struct vault_key key =
	    selected_account_key(selected, VAULT_PASSWORD);

	if (selected_account_has_tokens(selected) ||
	    request->question->password == NULL)
		return 0;
	return vault_store(selected->vault, &key, request->question, err);
}

/* git erases what a server refused. The vault may have a newer one by now. */
int
operation_erase(const struct operation_request *request, struct error *err)
{
	const struct selected_account *selected = request->selected;
	const struct secret *refused = request->question->password;
	const struct vault_key key =
	    selected_account_key(selected, VAULT_PASSWORD);
	struct credential_message entry;
	bool is_meant;

	if (selected_account_has_tokens(selected) && refused == NULL)
		return 0;
	if (selected_account_has_tokens(selected))
		return access_token_refuse(selected, refused, announce_refresh,
		    err);
	if (refused == NULL)
		return vault_erase(selected->vault, &key, err);
	if (vault_load(selected->vault, &key, &entry, err) == -1)
		return -1;
	is_meant = token_entry_has_token(&entry, refused);
	credential_message_done(&entry);
	return is_meant ? vault_erase(selected->vault, &key, err) : 0;
}

void
operation_announce_prompt(void)
{
	fputs("wait: the keyring prompts for its password\n", stderr);
}

static void
announce_refresh(void)
{
	fputs("wait: renewing the token\n", stderr);
}

/* Answers only what a sign-in needs. */
static int
write_answer(const struct selected_account *selected,
    const struct credential_message *entry, struct error *err)
{
	const struct credential_message answer =
	    {.value = {[CREDENTIAL_USERNAME] = selected->user,
		 [CREDENTIAL_PASSWORD_EXPIRY] =
		     entry->value[CREDENTIAL_PASSWORD_EXPIRY]},
		.password = entry->password};

	return credential_message_write(&answer, STDOUT_FILENO, err);
}
