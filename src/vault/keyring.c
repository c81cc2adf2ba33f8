/* SPDX-License-Identifier: MIT */
/*
 * Stores passwords and tokens as items of the keyring: which attributes they
 * have, and which of several items is used.
 */
#ifdef HAVE_LIBSECRET

#include "vault/keyring.h"

#include <string.h>

#include "vault/item.h"
#include "vault/service.h"
#include "vault/vault-place.h"

static const char schema_attribute[] = "xdg:schema";
static const char own_schema[] = "org.postrider.Credential";

/*
 * The attributes in which a program stores protocol and host; all of them store
 * the user as "user". Schema names are not compared: git has changed its own,
 * and msmtp's items are made by hand.
 */
struct naming {
	const char *protocol;
	const char *host;
};

/* What the label of an item says about its service. */
static const struct {
	const char *service;
	const char *remark;
} remarks[] = {
    {VAULT_TOKENS, " (OAuth2)"},
    {VAULT_CLIENT, " (OAuth2 client)"},
};

static const struct naming own_naming = {"service", "host"};
static const struct naming git_naming = {"protocol", "server"};

static const struct naming *const namings[] = {
    &own_naming, /* msmtp uses it too */
    &git_naming,
};

static int find_secret(struct service *service, const struct vault_key *key,
    struct secret **ret_secret, struct error *err);
static GPtrArray *find_items(struct service *service,
    const struct naming *naming, const struct vault_key *key,
    struct error *err);
static GHashTable *make_attributes(const struct naming *naming,
    const struct vault_key *key);
static GPtrArray *find_own_items(struct service *service,
    const struct vault_key *key, struct error *err);
static int choose_item(struct service *service, const GPtrArray *items,
    uint16_t port, const struct item **ret_item, struct error *err);
static int preference(GVariant *attributes, uint16_t port);
static struct secret *unlock_and_read(struct service *service,
    const struct item *item, struct error *err);
static int unlock_default(struct service *service, struct error *err);
static int create_item(struct service *service, const struct vault_key *key,
    const struct secret *secret, struct error *err);
static char *make_label(const struct vault_key *key);
static int erase_item(struct service *service, const struct item *item,
    struct error *err);

int
keyring_find(void (*on_prompt)(void), const struct vault_key *key,
    struct secret **ret_secret, struct error *err)
{
	struct service service;
	int result;

	if (service_open(&service, on_prompt, err) == -1)
		return -1;
	result = find_secret(&service, key, ret_secret, err);
	service_close(&service);
	return result;
}

int
keyring_store(void (*on_prompt)(void), const struct vault_key *key,
    const struct secret *secret, struct error *err)
{
	struct service service;
	int result;

	if (service_open(&service, on_prompt, err) == -1)
		return -1;
	result = unlock_default(&service, err);
	if (result == 0)
		result = create_item(&service, key, secret, err);
	service_close(&service);
	return result;
}

int
keyring_unlock(void (*on_prompt)(void), struct error *err)
{
	struct service service;
	int result;

	if (service_open(&service, on_prompt, err) == -1)
		return -1;
	result = unlock_default(&service, err);
	service_close(&service);
	return result;
}

int
keyring_erase(void (*on_prompt)(void), const struct vault_key *key,
    struct error *err)
{
	struct service service;
	GPtrArray *items;
	int result = 0;

	if (service_open(&service, on_prompt, err) == -1)
		return -1;
	items = find_own_items(&service, key, err);
	if (items == NULL)
		result = -1;
	for (guint i = 0; result == 0 && i < items->len; i++)
		result = erase_item(&service, g_ptr_array_index(items, i), err);
	g_clear_pointer(&items, g_ptr_array_unref);
	service_close(&service);
	return result;
}

static int
find_secret(struct service *service, const struct vault_key *key,
    struct secret **ret_secret, struct error *err)
{
	bool is_password = vault_key_is_password(key);
	size_t count = is_password ? G_N_ELEMENTS(namings) : 1;
	const struct item *item = NULL;
	struct secret *secret = NULL;
	GPtrArray *items = NULL;
	int result = 0;

	for (size_t i = 0; i < count && item == NULL && result == 0; i++) {
		g_clear_pointer(&items, g_ptr_array_unref);
		items = is_password ? find_items(service, namings[i], key, err)
				    : find_own_items(service, key, err);
		result = items == NULL
		    ? -1
		    : choose_item(service, items, key->port, &item, err);
	}
	if (result == 0 && item != NULL) {
		secret = unlock_and_read(service, item, err);
		result = secret == NULL ? -1 : 0;
	}
	g_clear_pointer(&items, g_ptr_array_unref);
	/* secret-tool stores the newline that it reads from a pipe, and git
	 * adds lines such as "password_expiry_utc=...". */
	if (secret != NULL && is_password)
		secret_cut_line(secret);
	if (result == 0)
		*ret_secret = secret;
	return result;
}

static GPtrArray *
find_items(struct service *service, const struct naming *naming,
    const struct vault_key *key, struct error *err)
{
	GHashTable *attributes = make_attributes(naming, key);
	GPtrArray *items = item_search(service, attributes, err);

	g_hash_table_unref(attributes);
	return items;
}

/* The strings remain the key's. */
static GHashTable *
make_attributes(const struct naming *naming, const struct vault_key *key)
{
	GHashTable *attributes = g_hash_table_new(g_str_hash, g_str_equal);

	g_hash_table_insert(attributes, (char *)naming->protocol,
	    (char *)key->service);
	g_hash_table_insert(attributes, (char *)naming->host,
	    (char *)key->host);
	g_hash_table_insert(attributes, "user", (char *)key->user);
	return attributes;
}

/* Only items that postrider stored. */
static GPtrArray *
find_own_items(struct service *service, const struct vault_key *key,
    struct error *err)
{
	GHashTable *attributes = make_attributes(&own_naming, key);
	GPtrArray *items;

	g_hash_table_insert(attributes, (char *)schema_attribute,
	    (char *)own_schema);
	items = item_search(service, attributes, err);
	g_hash_table_unref(attributes);
	return items;
}

/* Attributes are only requested when there is a choice. NULL in *ret_item when
 * there are no items. */
static int
choose_item(struct service *service, const GPtrArray *items, uint16_t port,
    const struct item **ret_item, struct error *err)
{
	const struct item *best = NULL;
	int best_preference = -1;

	if (items->len == 1)
		best = g_ptr_array_index(items, 0);
	for (guint i = 0; i < items->len && items->len > 1; i++) {
		const struct item *item = g_ptr_array_index(items, i);
		GVariant *attributes = item_attributes(service, item, err);
		int value;

		if (attributes == NULL)
			return -1;
		value = preference(attributes, port);
		g_variant_unref(attributes);
		if (value > best_preference) {
			best = item;
			best_preference = value;
		}
	}
	*ret_item = best;
	return 0;
}

/* Our own items come first, then those for this port, then those for any. */
static int
preference(GVariant *attributes, uint16_t port)
{
	const char *schema = NULL;
	const char *text = NULL;
	int value = 0;

	g_variant_lookup(attributes, schema_attribute, "&s", &schema);
	g_variant_lookup(attributes, "port", "&s", &text);
	if (g_strcmp0(schema, own_schema) == 0)
		value += 4;
	if (text == NULL)
		value += 1;
	else if (g_ascii_strtoull(text, NULL, 10) == port)
		value += 2;
	return value;
}

static struct secret *
unlock_and_read(struct service *service, const struct item *item,
    struct error *err)
{
	if (item->is_locked && service_unlock(service, item->path, err) == -1)
		return NULL;
	return item_read(service, item, err);
}

/* Where there is no default collection yet, its creation prompts the user
 * too. */
static int
unlock_default(struct service *service, struct error *err)
{
	SecretCollection *collection;
	GError *cause = NULL;
	int result = 0;

	if (service_load_proxy(service, err) == -1)
		return -1;
	secret_collection_for_alias(service->proxy, SECRET_COLLECTION_DEFAULT,
	    SECRET_COLLECTION_NONE, service->cancellable, service_result,
	    service);
	collection =
	    secret_collection_for_alias_finish(service_wait(service), &cause);
	if (cause != NULL)
		return service_failed(cause, "opening the keyring", err);
	if (collection == NULL)
		result = service_expect_prompt(service, err);
	else if (secret_collection_get_locked(collection))
		result = service_unlock(service,
		    g_dbus_proxy_get_object_path(G_DBUS_PROXY(collection)),
		    err);
	g_clear_object(&collection);
	return result;
}

static int
create_item(struct service *service, const struct vault_key *key,
    const struct secret *secret, struct error *err)
{
	GHashTable *attributes = make_attributes(&own_naming, key);
	SecretValue *value = secret_value_new(secret_bytes(secret),
	    (gssize)secret_len(secret), "text/plain");
	char *label = make_label(key);
	GError *cause = NULL;
	int result = 0;

	g_hash_table_insert(attributes, (char *)schema_attribute,
	    (char *)own_schema);
	secret_service_store(service->proxy, NULL, attributes,
	    SECRET_COLLECTION_DEFAULT, label, value, service->cancellable,
	    service_result, service);
	if (!secret_service_store_finish(service->proxy, service_wait(service),
		&cause))
		result = service_failed(cause, "storing in the keyring", err);
	g_free(label);
	secret_value_unref(value);
	g_hash_table_unref(attributes);
	return result;
}

static char *
make_label(const struct vault_key *key)
{
	const char *remark = "";

	for (size_t i = 0; i < G_N_ELEMENTS(remarks); i++) {
		if (strcmp(remarks[i].service, key->service) == 0)
			remark = remarks[i].remark;
	}
	return g_strdup_printf("postrider: %s at %s%s", key->user, key->host,
	    remark);
}

static int
erase_item(struct service *service, const struct item *item, struct error *err)
{
	GError *cause = NULL;

	if (item->is_locked && service_unlock(service, item->path, err) == -1)
		return -1;
	if (service_load_proxy(service, err) == -1)
		return -1;
	secret_service_delete_item_dbus_path(service->proxy, item->path,
	    service->cancellable, service_result, service);
	if (secret_service_delete_item_dbus_path_finish(service->proxy,
		service_wait(service), &cause))
		return 0;
	return service_failed(cause, "erasing from the keyring", err);
}

#endif
