/* SPDX-License-Identifier: MIT */
/* Reads the settings of a resolved account by type. */
#include "config/account.h"

#include <stdlib.h>
#include <string.h>

#include "base/socket-path.h"
#include "base/text.h"
#include "config/value-list.h"

static const char command_prefix[] = "command:";

const char *
account_label(const struct account *account)
{
	const struct account_list *from = &account->list[SETTING_FROM];
	const char *user = account->text[SETTING_USER];

	if (account->name != NULL)
		return account->name;
	if (from->count > 0 && *from->element[0] != '*')
		return from->element[0];
	return user != NULL ? user : account->text[SETTING_HOST];
}

void
account_free(struct account *account)
{
	if (account == NULL)
		return;
	free(account->name);
	free(account->found_by);
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		free(account->text[i]);
		value_list_free(account->list[i].element,
		    account->list[i].count);
	}
	free(account);
}

const char *
account_title(const struct account *account)
{
	return account->name != NULL ? account->name : account->own;
}

const struct provider *
account_found_provider(const struct account *account)
{
	return account->text[SETTING_PROVIDER] == NULL ? account->provider
						       : NULL;
}

unsigned
account_number(const struct account *account, enum setting_id id)
{
	return (unsigned)setting_number(account->text[id]);
}

int64_t
account_duration_ms(const struct account *account, enum setting_id id)
{
	return setting_duration_ms(account->text[id]);
}

bool
account_bool(const struct account *account, enum setting_id id)
{
	return setting_bool(account->text[id]);
}

bool
account_is(const struct account *account, enum setting_id id, const char *word)
{
	return account->text[id] != NULL &&
	    text_equals(account->text[id], word);
}

bool
account_uses_socket(const struct account *account)
{
	const char *host = account->text[SETTING_HOST];

	return host != NULL && socket_path(host) != NULL;
}

const char *
account_command(const struct account *account)
{
	const char *auth = account->text[SETTING_AUTH];

	return auth != NULL && text_has_prefix(auth, command_prefix)
	    ? auth + strlen(command_prefix)
	    : NULL;
}

bool
account_wants_sign_in(const struct account *account)
{
	return account_is(account, SETTING_AUTH, "auto") ||
	    account_is(account, SETTING_AUTH, "secure");
}

bool
account_signs_in_by_pop(const struct account *account)
{
	return account_is(account, SETTING_AUTH, "pop-before-smtp");
}

const char *
account_address(const struct account *account)
{
	const struct account_list *from = &account->list[SETTING_FROM];
	const char *user = account->text[SETTING_USER];

	if (from->count > 0 && from->element[0][0] != '*')
		return from->element[0];
	return user != NULL && strchr(user, '@') != NULL ? user : NULL;
}

const char *
account_mail_domain(const struct account *account)
{
	const struct account_list *from = &account->list[SETTING_FROM];
	const char *at =
	    from->count > 0 ? strrchr(from->element[0], '@') : NULL;

	return at != NULL ? at + 1 : NULL;
}
