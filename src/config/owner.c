/* SPDX-License-Identifier: MIT */
/*
 * Addresses as the configuration compares them. Doesn't parse what stands in a
 * message.
 */
#include "config/owner.h"

#include <string.h>
#include <strings.h>

#include "config/list.h"

static bool block_has(const struct config_account *block,
    struct owner_address address, bool patterns);
static bool is_same(struct owner_address own, struct owner_address address,
    bool patterns);

const struct config_account *
owner_find(const struct config *config, struct owner_address address)
{
	for (int patterns = 0; patterns <= 1; patterns++) {
		for (size_t i = 0; i < config->account_count; i++) {
			if (block_has(&config->account[i], address, patterns))
				return &config->account[i];
		}
	}
	return NULL;
}

struct owner_address
owner_first(const char *list)
{
	struct owner_address address;

	while (list_next(&list, &address.at, &address.len)) {
		if (owner_domain(address).len > 0 &&
		    strncmp(address.at, "*@", 2) != 0)
			return address;
	}
	return (struct owner_address){"", 0};
}

struct owner_address
owner_domain(struct owner_address address)
{
	size_t at = address.len;

	while (at > 0 && address.at[at - 1] != '@')
		at--;
	if (at == 0)
		return (struct owner_address){"", 0};
	return (struct owner_address){address.at + at, address.len - at};
}

bool
owner_is(const char *own, const char *address)
{
	const struct owner_address left = {own, strlen(own)};
	const struct owner_address right = {address, strlen(address)};

	return is_same(left, right, false) || is_same(left, right, true);
}

/* An account that doesn't say whose it is has the address of its mailbox or
 * its user. */
static bool
block_has(const struct config_account *block, struct owner_address address,
    bool patterns)
{
	const char *list = block->settings.text[SETTING_FROM];
	struct owner_address own;

	if (address.len == 0)
		return false;
	if (list == NULL)
		list = block->settings.text[SETTING_MAILBOX];
	if (list == NULL)
		list = block->settings.text[SETTING_USER];
	while (list_next(&list, &own.at, &own.len)) {
		if (is_same(own, address, patterns))
			return true;
	}
	return false;
}

/* The local part is compared as it is (RFC 5321 2.4), the domain is not. */
static bool
is_same(struct owner_address own, struct owner_address address, bool patterns)
{
	struct owner_address domain = owner_domain(own);
	struct owner_address other = owner_domain(address);
	size_t local_len = own.len - domain.len;

	if (domain.len == 0 || domain.len != other.len ||
	    strncasecmp(domain.at, other.at, domain.len) != 0)
		return false;
	if (patterns)
		return local_len == 2 && *own.at == '*';
	return own.len == address.len &&
	    memcmp(own.at, address.at, local_len) == 0;
}
