/* SPDX-License-Identifier: MIT */
/*
 * status: prints the state of a credential as lines of git's protocol, and none
 * of its secrets.
 */
#include "keeper/operations.h"

#include <stdbool.h>
#include <stdio.h>

#include "keeper/access-token.h"

static int load(const struct selected_account *selected, bool has_tokens,
    struct credential_message *ret_entry, struct error *err);
static void print_entry(const char *kind,
    const struct credential_message *entry);

int
operation_status(const struct operation_request *request, struct error *err)
{
	const struct selected_account *selected = request->selected;
	bool has_tokens = selected_account_has_tokens(selected);
	struct credential_message entry;

	if (load(selected, has_tokens, &entry, err) == -1)
		return -1;
	if (entry.password == NULL && entry.refresh_token == NULL &&
	    entry.value[CREDENTIAL_REFUSAL] == NULL)
		puts("kind=none");
	else
		print_entry(has_tokens ? "oauth2" : "password", &entry);
	credential_message_done(&entry);
	if (fflush(stdout) == EOF)
		return error_set_errno(err, ERROR_IO, "standard output");
	return 0;
}

static int
load(const struct selected_account *selected, bool has_tokens,
    struct credential_message *ret_entry, struct error *err)
{
	const struct vault_key key =
	    selected_account_key(selected, VAULT_PASSWORD);

	if (!has_tokens)
		return vault_load(selected->vault, &key, ret_entry, err);
	return access_token_load(selected, ret_entry, err);
}

static void
print_entry(const char *kind, const struct credential_message *entry)
{
	const char *expiry = entry->value[CREDENTIAL_PASSWORD_EXPIRY];
	const char *refusal = entry->value[CREDENTIAL_REFUSAL];

	printf("kind=%s\n", kind);
	if (expiry != NULL)
		printf("password_expiry_utc=%s\n", expiry);
	printf("refreshable=%s\n", entry->refresh_token != NULL ? "yes" : "no");
	if (refusal != NULL)
		printf("refusal=%s\n", refusal);
}
