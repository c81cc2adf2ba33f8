/* SPDX-License-Identifier: MIT */
/*
 * check: tries whether a credential could be stored, so that postrider can say
 * so before it asks a person for one.
 */
#include "keeper/operations.h"

#include "keeper/access-token.h"

int
operation_check(const struct operation_request *request, struct error *err)
{
	const struct selected_account *selected = request->selected;
	bool has_tokens = selected_account_has_tokens(selected);
	const struct vault_key key = selected_account_key(selected,
	    has_tokens ? VAULT_TOKENS : VAULT_PASSWORD);

	if (vault_try(selected->vault, &key, err) == 0 ||
	    (has_tokens && access_token_needs_no_vault(selected, err)))
		return 0;
	return -1;
}
