/* SPDX-License-Identifier: MIT */
/*
 * Compares a name with the names and addresses of all account blocks.
 */
#include "config/account-suggestion.h"

#include <string.h>

#include "base/text.h"
#include "config/suggestion.h"
#include "config/value-list.h"

enum {
	ADDRESS_SIZE = 321 /* RFC 5321 4.5.3.1 */
};

/* The settings that contain the addresses of an account. */
static const enum setting_id address_settings[] = {SETTING_FROM,
    SETTING_MAILBOX, SETTING_USER};

enum {
	ADDRESS_SETTINGS = sizeof address_settings / sizeof *address_settings
};

/* The best account so far, and why. */
struct account_suggestion {
	struct suggestion suggestion;
	const struct config_account *account; /* NULL: none is close */
	char address[ADDRESS_SIZE];           /* "": its name is close */
};

static void account_suggestion_offer(struct account_suggestion *search,
    const struct config_account *account);
static void account_suggestion_offer_list(struct account_suggestion *search,
    const struct config_account *account, const char *list);

bool
account_suggestion_hint(const struct config *config, const char *wanted,
    struct error *err)
{
	struct account_suggestion search = {.account = NULL};

	suggestion_init(&search.suggestion, wanted);
	for (size_t i = 0; i < config->account_count; i++)
		account_suggestion_offer(&search, &config->account[i]);
	if (search.account == NULL)
		return false;
	if (search.address[0] == '\0' ||
	    strcmp(search.address, search.account->name) == 0)
		error_hint(err, "did you mean %s?", search.account->name);
	else
		error_hint(err, "did you mean %s, the account of %s?",
		    search.account->name, search.address);
	return true;
}

static void
account_suggestion_offer(struct account_suggestion *search,
    const struct config_account *account)
{
	size_t distance = search->suggestion.distance;

	suggestion_offer(&search->suggestion, account->name);
	suggestion_offer_address(&search->suggestion, account->name);
	if (search->suggestion.distance < distance) {
		search->account = account;
		search->address[0] = '\0';
	}
	for (size_t i = 0; i < ADDRESS_SETTINGS; i++)
		account_suggestion_offer_list(search, account,
		    account->settings.text[address_settings[i]]);
}

static void
account_suggestion_offer_list(struct account_suggestion *search,
    const struct config_account *account, const char *list)
{
	const char *element;
	size_t len;

	while (value_list_next(&list, &element, &len)) {
		size_t distance = search->suggestion.distance;
		char address[ADDRESS_SIZE];

		if (len >= sizeof address || *element == '*')
			continue;
		memcpy(address, element, len);
		address[len] = '\0';
		suggestion_offer(&search->suggestion, address);
		suggestion_offer_address(&search->suggestion, address);
		if (search->suggestion.distance == distance)
			continue;
		search->account = account;
		memcpy(search->address, address, len + 1);
	}
}
