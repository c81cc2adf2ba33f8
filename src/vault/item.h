/* SPDX-License-Identifier: MIT */
#ifndef VAULT_ITEM_H
#define VAULT_ITEM_H

/*
 * Items of the keyring, found and read in as few D-Bus messages as the Secret
 * Service allows: SearchItems, OpenSession, GetSecret. For this layer only:
 * this header needs libsecret's.
 */

#include "base/secret.h"
#include "vault/service.h"

struct item {
	bool is_locked;
	char path[]; /* its D-Bus object */
};

/*
 * Finds the items that have all these attributes, unlocked ones first. The
 * caller frees the array of struct item with g_ptr_array_unref. NULL on
 * failure.
 */
GPtrArray *item_search(struct service *service, GHashTable *attributes,
    struct error *err);

/* The attributes of an item, of type a{ss}. The caller frees them with
 * g_variant_unref. NULL on failure. */
GVariant *item_attributes(struct service *service, const struct item *item,
    struct error *err);

/* Reads the secret of an unlocked item. The caller frees it. NULL on
 * failure. */
struct secret *item_read(struct service *service, const struct item *item,
    struct error *err);

#endif
