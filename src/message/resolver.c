/* SPDX-License-Identifier: MIT */
/*
 * Finds out which addresses a recipient stands for.
 */
#include "message/resolver.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "message/completion.h"

enum {
	ALIAS_DEPTH_MAX = 10
};

static int resolve_list(struct resolver *resolver,
    const struct address_list *list, unsigned depth);
static int resolve_address(struct resolver *resolver, const char *address,
    unsigned depth);
static int resolve_at_this_host(struct resolver *resolver, const char *address,
    unsigned depth);
static int resolve_alias(struct resolver *resolver, const char *name,
    unsigned depth, bool *ret_found);
static int resolve_default(struct resolver *resolver, const char *name);
static int add_for_wire(struct resolver *resolver, const char *address);

void
resolver_done(struct resolver *resolver)
{
	address_list_done(&resolver->addresses);
	address_list_done(&resolver->expanded);
	aliases_free(resolver->aliases);
}

int
resolver_add(struct resolver *resolver, const struct address_list *list)
{
	return resolve_list(resolver, list, 0);
}

char *
resolver_add_domain(const char *address, const char *local_domain,
    struct error *err)
{
	if (address_domain(address) != NULL ||
	    (local_domain != NULL && *local_domain == '\0'))
		return text_format(err, "%s", address);
	if (local_domain != NULL)
		return text_format(err, "%s@%s", address, local_domain);
	error_set(err, ERROR_DATA, "\"%s\": the address has no domain",
	    address);
	error_hint(err,
	    "write it as name@domain, or set local-recipient or aliases");
	return NULL;
}

static int
resolve_list(struct resolver *resolver, const struct address_list *list,
    unsigned depth)
{
	for (size_t i = 0; i < list->count; i++) {
		if (resolve_address(resolver, list->address[i], depth) == -1)
			return -1;
	}
	return 0;
}

static int
resolve_address(struct resolver *resolver, const char *address, unsigned depth)
{
	const char *domain = address_domain(address);
	bool found;

	if (domain != NULL &&
	    completion_is_this_host(domain, resolver->request->host_name))
		return resolve_at_this_host(resolver, address, depth);
	if (domain != NULL)
		return add_for_wire(resolver, address);
	if (resolve_alias(resolver, address, depth, &found) == -1)
		return -1;
	return found ? 0 : resolve_default(resolver, address);
}

/* An alias "root: root@localhost" stands for an address, not for itself. */
static int
resolve_at_this_host(struct resolver *resolver, const char *address,
    unsigned depth)
{
	size_t len = (size_t)(address_domain(address) - 1 - address);
	char *name = text_copy(address, len);
	bool found = false;
	int result = 0;

	if (name == NULL)
		return error_no_memory(resolver->err);
	if (depth == 0)
		result = resolve_alias(resolver, name, depth, &found);
	if (result == 0 && !found)
		result = resolver->request->local_recipient != NULL
		    ? resolve_default(resolver, name)
		    : add_for_wire(resolver, address);
	free(name);
	return result;
}

static int
resolve_alias(struct resolver *resolver, const char *name, unsigned depth,
    bool *ret_found)
{
	const char *path = resolver->request->aliases_path;
	struct address_list list;
	int result;

	*ret_found = true;
	if (address_list_has(&resolver->expanded, name))
		return 0;
	if (resolver->aliases == NULL && path != NULL &&
	    (resolver->aliases = aliases_load(path, resolver->err)) == NULL)
		return -1;
	if (resolver->aliases == NULL) {
		*ret_found = false;
		return 0;
	}
	if (depth == ALIAS_DEPTH_MAX)
		return error_set(resolver->err, ERROR_CONFIG,
		    "%s: alias \"%s\" is nested more than %d levels deep", path,
		    name, ALIAS_DEPTH_MAX);
	address_list_init(&list);
	result = aliases_find(resolver->aliases, name, &list, resolver->err);
	if (result == 0)
		*ret_found = false;
	if (result == 1)
		result = resolve_list(resolver, &list, depth + 1);
	if (result == 0 && *ret_found)
		result =
		    address_list_add(&resolver->expanded, name, resolver->err);
	address_list_done(&list);
	return result;
}

/* Resolves a local name that is not an alias. */
static int
resolve_default(struct resolver *resolver, const char *name)
{
	const char *fallback = resolver->request->local_recipient;
	struct address_list list;
	int result;

	if (fallback == NULL)
		return add_for_wire(resolver, name);
	address_list_init(&list);
	result = address_list_parse(&list, fallback, strlen(fallback),
	    "local-recipient", resolver->err);
	for (size_t i = 0; i < list.count && result == 0; i++)
		result = add_for_wire(resolver, list.address[i]);
	address_list_done(&list);
	return result;
}

static int
add_for_wire(struct resolver *resolver, const char *address)
{
	char *full = resolver_add_domain(address,
	    resolver->request->local_domain, resolver->err);
	char *wire;
	int result = -1;

	if (full == NULL)
		return -1;
	wire = address_for_envelope(full, resolver->err);
	if (wire != NULL)
		result =
		    address_list_add(&resolver->addresses, wire, resolver->err);
	free(wire);
	free(full);
	return result;
}
