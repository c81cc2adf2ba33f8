/* SPDX-License-Identifier: MIT */
/*
 * Compares addresses with those in the configuration. Doesn't parse header
 * fields.
 */
#include "config/address-match.h"

#include <string.h>
#include <strings.h>

#include "config/value-list.h"

static bool account_block_has_address(const struct config_account *block,
    struct address_span address, bool patterns);
static bool address_span_matches(struct address_span own,
    struct address_span address, bool patterns);

const struct config_account *
address_match_account(const struct config *config, struct address_span address)
{
	for (int patterns = 0; patterns <= 1; patterns++) {
		for (size_t i = 0; i < config->account_count; i++) {
			if (account_block_has_address(&config->account[i],
				address, patterns))
				return &config->account[i];
		}
	}
	return NULL;
}

bool
address_match_is_exact(const struct config_account *block,
    struct address_span address)
{
	return account_block_has_address(block, address, false);
}

struct address_span
address_match_first(const char *list)
{
	struct address_span address;

	while (value_list_next(&list, &address.at, &address.len)) {
		if (address_match_domain(address).len > 0 &&
		    strncmp(address.at, "*@", 2) != 0)
			return address;
	}
	return (struct address_span){"", 0};
}

struct address_span
address_match_domain(struct address_span address)
{
	size_t at = address.len;

	while (at > 0 && address.at[at - 1] != '@')
		at--;
	if (at == 0)
		return (struct address_span){"", 0};
	return (struct address_span){address.at + at, address.len - at};
}

bool
address_match(const char *own, const char *address)
{
	const struct address_span left = {own, strlen(own)};
	const struct address_span right = {address, strlen(address)};

	return address_span_matches(left, right, false) ||
	    address_span_matches(left, right, true);
}

/* Without "from", an account's address is its mailbox or its user. */
static bool
account_block_has_address(const struct config_account *block,
    struct address_span address, bool patterns)
{
	const char *list = block->settings.text[SETTING_FROM];
	struct address_span own;

	if (address.len == 0)
		return false;
	if (list == NULL)
		list = block->settings.text[SETTING_MAILBOX];
	if (list == NULL)
		list = block->settings.text[SETTING_USER];
	while (value_list_next(&list, &own.at, &own.len)) {
		if (address_span_matches(own, address, patterns))
			return true;
	}
	return false;
}

/* The local part is case-sensitive (RFC 5321 2.4), the domain isn't. */
static bool
address_span_matches(struct address_span own, struct address_span address,
    bool patterns)
{
	struct address_span domain = address_match_domain(own);
	struct address_span other = address_match_domain(address);
	size_t local_len = own.len - domain.len;

	if (domain.len == 0 || domain.len != other.len ||
	    strncasecmp(domain.at, other.at, domain.len) != 0)
		return false;
	if (patterns)
		return local_len == 2 && *own.at == '*';
	return own.len == address.len &&
	    memcmp(own.at, address.at, local_len) == 0;
}
