/* SPDX-License-Identifier: MIT */
/*
 * status: answers the state of a credential, and none of its secrets.
 */
#include "keeper/operations.h"

#include <unistd.h>

#include "keeper/access-token.h"

static int status_load(const struct selected_account *selected, bool has_tokens,
    struct credential_message *ret_entry, struct error *err);
static int status_write(const char *kind,
    const struct credential_message *entry, struct error *err);

int
operation_status(const struct operation_request *request, struct error *err)
{
	const struct selected_account *selected = request->selected;
	bool has_tokens = selected_account_has_tokens(selected);
	struct credential_message entry;
	int result;

	if (status_load(selected, has_tokens, &entry, err) == -1)
		return -1;
	result = status_write(has_tokens ? "oauth2" : "password", &entry, err);
	credential_message_done(&entry);
	return result;
}

static int
status_load(const struct selected_account *selected, bool has_tokens,
    struct credential_message *ret_entry, struct error *err)
{
	const struct vault_key key =
	    selected_account_key(selected, VAULT_PASSWORD);

	if (!has_tokens)
		return vault_load(selected->vault, &key, ret_entry, err);
	return access_token_load(selected, ret_entry, err);
}

static int
status_write(const char *kind, const struct credential_message *entry,
    struct error *err)
{
	const char *refusal = entry->value[CREDENTIAL_REFUSAL];
	bool is_refreshable = entry->refresh_token != NULL;
	struct credential_message answer = {
	    .value = {[CREDENTIAL_STATUS_KIND] = "none"}};

	if (entry->password != NULL || is_refreshable || refusal != NULL)
		answer = (struct credential_message){
		    .value = {[CREDENTIAL_STATUS_KIND] = kind,
			[CREDENTIAL_PASSWORD_EXPIRY] =
			    entry->value[CREDENTIAL_PASSWORD_EXPIRY],
			[CREDENTIAL_STATUS_REFRESHABLE] =
			    is_refreshable ? "yes" : "no",
			[CREDENTIAL_STATUS_REFUSAL] = refusal}};
	return credential_message_write(&answer, STDOUT_FILENO, err);
}
