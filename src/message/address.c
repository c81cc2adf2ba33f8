/* SPDX-License-Identifier: MIT */
/*
 * Addresses that are parsed already: lists of them, what is equal, what the
 * envelope wants. The grammar is in address-parse.c.
 */
#include "message/address.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "message/domain.h"

static char *join(const char *local, size_t local_len, const char *domain);

void
address_list_init(struct address_list *list)
{
	memset(list, 0, sizeof *list);
}

void
address_list_done(struct address_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->address[i]);
	free(list->address);
	address_list_init(list);
}

int
address_list_add(
    struct address_list *list, const char *address, struct error *err)
{
	char *copy;

	if (address_list_has(list, address))
		return 0;
	if (list->count == list->size) {
		size_t size = list->size > 0 ? list->size * 2 : 8;
		char **grown =
		    realloc(list->address, size * sizeof *list->address);

		if (grown == NULL)
			return error_no_memory(err);
		list->address = grown;
		list->size = size;
	}
	copy = strdup(address);
	if (copy == NULL)
		return error_no_memory(err);
	list->address[list->count++] = copy;
	return 0;
}

bool
address_list_has(const struct address_list *list, const char *address)
{
	for (size_t i = 0; i < list->count; i++) {
		if (address_equals(list->address[i], address))
			return true;
	}
	return false;
}

bool
address_equals(const char *a, const char *b)
{
	const char *domain = address_domain(a);
	size_t local_len = domain != NULL ? (size_t)(domain - a) : strlen(a);

	if (strncmp(a, b, local_len) != 0)
		return false;
	return text_equals(a + local_len, b + local_len);
}

const char *
address_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	/* An "@" in quotes belongs to the local part. */
	if (at == NULL || strchr(at, '"') != NULL)
		return NULL;
	return at + 1;
}

char *
address_for_envelope(const char *address, struct error *err)
{
	const char *domain = address_domain(address);
	size_t local_len;
	char *ascii = NULL;
	char *result;

	if (domain == NULL) {
		result = strdup(address);
		goto out;
	}
	local_len = (size_t)(domain - 1 - address);
	ascii = domain_to_ascii(domain, err);
	if (ascii == NULL)
		return NULL;
	if (text_has_8bit(address, local_len))
		result = strdup(address);
	else
		result = join(address, local_len, ascii);
out:
	if (result == NULL)
		error_no_memory(err);
	free(ascii);
	return result;
}

static char *
join(const char *local, size_t local_len, const char *domain)
{
	size_t domain_len = strlen(domain);
	char *address = malloc(local_len + 1 + domain_len + 1);

	if (address == NULL)
		return NULL;
	memcpy(address, local, local_len);
	address[local_len] = '@';
	memcpy(address + local_len + 1, domain, domain_len + 1);
	return address;
}
