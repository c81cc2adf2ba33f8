/* SPDX-License-Identifier: MIT */
/*
 * Compares parsed addresses, keeps lists of them and converts them for the
 * envelope. The parser is in address-parse.c.
 */
#include "message/address.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "message/domain.h"

enum {
	SLOTS_AT_FIRST = 16
};

static int address_list_grow(struct address_list *list);
static size_t *find_slot(const struct address_list *list, const char *address);

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
	free(list->slot);
	address_list_init(list);
}

int
address_list_add(struct address_list *list, const char *address,
    struct error *err)
{
	char *copy;

	if (address_list_has(list, address))
		return 0;
	if (2 * list->count >= list->slot_count &&
	    address_list_grow(list) == -1)
		return error_no_memory(err);
	copy = strdup(address);
	if (copy == NULL)
		return error_no_memory(err);
	list->address[list->count++] = copy;
	*find_slot(list, copy) = list->count;
	return 0;
}

bool
address_list_has(const struct address_list *list, const char *address)
{
	return list->slot_count > 0 && *find_slot(list, address) != 0;
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

	/* A quoted "@" belongs to the local part. */
	if (at == NULL || strchr(at, '"') != NULL)
		return NULL;
	return at + 1;
}

char *
address_for_envelope(const char *address, struct error *err)
{
	const char *domain = address_domain(address);
	char *ascii;
	char *result;

	if (domain == NULL)
		return text_format(err, "%s", address);
	ascii = domain_to_ascii(domain, err);
	if (ascii == NULL)
		return NULL;
	if (text_has_8bit(address, (size_t)(domain - address)))
		result = text_format(err, "%s", address);
	else
		result = text_format(err, "%.*s%s", (int)(domain - address),
		    address, ascii);
	free(ascii);
	return result;
}

/* Doubles the hash table; there is room for half as many addresses. */
static int
address_list_grow(struct address_list *list)
{
	size_t count =
	    list->slot_count > 0 ? 2 * list->slot_count : SLOTS_AT_FIRST;
	char **address = realloc(list->address, count / 2 * sizeof *address);
	size_t *slot;

	if (address == NULL)
		return -1;
	list->address = address;
	slot = calloc(count, sizeof *slot);
	if (slot == NULL)
		return -1;
	free(list->slot);
	list->slot = slot;
	list->slot_count = count;
	for (size_t i = 0; i < list->count; i++)
		*find_slot(list, list->address[i]) = i + 1;
	return 0;
}

/*
 * Returns the slot of the address, or the free slot for it (FNV-1a, linear
 * probing). The hash ignores case, because domains do.
 */
static size_t *
find_slot(const struct address_list *list, const char *address)
{
	uint64_t hash = UINT64_C(0xCBF29CE484222325);
	size_t at;

	for (const char *c = address; *c != '\0'; c++)
		hash = (hash ^ ((unsigned char)*c | 0x20U)) *
		    UINT64_C(0x100000001B3);
	at = (size_t)(hash ^ hash >> 32) & (list->slot_count - 1);
	while (list->slot[at] != 0 &&
	    !address_equals(list->address[list->slot[at] - 1], address))
		at = (at + 1) & (list->slot_count - 1);
	return &list->slot[at];
}
