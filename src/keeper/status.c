/* SPDX-License-Identifier: MIT */
/*
 * status: answers the state of a credential, and none of its secrets.
 */
#include "keeper/operations.h"

#include <unistd.h>

#include "keeper/access-token.h"

static int status_load(const struct selected_account *selected, bool has_tokens,
    struct credential_message *ret_entry, struct error *err);
static int status_fill(struct credential_message *answer, const char *kind,
    const struct credential_message *entry, struct error *err);

int
operation_status(const struct operation_request *request, struct error *err)
{
	const struct selected_account *selected = request->selected;
	bool has_tokens = selected_account_has_tokens(selected);
	struct credential_message entry;
	struct credential_message answer;
	int result;

	if (status_load(selected, has_tokens, &entry, err) == -1)
		return -1;
	credential_message_init(&answer);
	result = status_fill(&answer, has_tokens ? "oauth2" : "password",
	    &entry, err);
	if (result == 0)
		result = credential_message_write(&answer, STDOUT_FILENO, err);
	credential_message_done(&answer);
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
status_fill(struct credential_message *answer, const char *kind,
    const struct credential_message *entry, struct error *err)
{
	const char *refusal = entry->value[CREDENTIAL_REFUSAL];
	bool is_refreshable = entry->refresh_token != NULL;

	if (entry->password == NULL && !is_refreshable && refusal == NULL)
		return credential_message_set(answer, CREDENTIAL_STATUS_KIND,
		    "none", err);
	if (credential_message_set(answer, CREDENTIAL_STATUS_KIND, kind, err) ==
		-1 ||
	    credential_message_set(answer, CREDENTIAL_PASSWORD_EXPIRY,
		entry->value[CREDENTIAL_PASSWORD_EXPIRY], err) == -1 ||
	    credential_message_set(answer, CREDENTIAL_STATUS_REFRESHABLE,
		is_refreshable ? "yes" : "no", err) == -1)
		return -1;
	return credential_message_set(answer, CREDENTIAL_STATUS_REFUSAL,
	    refusal, err);
}
