/* SPDX-License-Identifier: MIT */
/*
 * The items of the keyring: which attributes they have, which one is meant. The
 * connection is service.c's; nobody else knows libsecret.
 */
#ifdef HAVE_LIBSECRET

#include "vault/keyring.h"

#include <libsecret/secret.h>
#include <string.h>

#include "vault/service.h"

static const char own_schema[] = "org.postrider.Credential";

struct keyring {
	struct service service;
};

/*
 * How the makers of items name host and protocol; all call the user "user".
 * Schema names aren't asked for: git's changed, and msmtp's items are made by
 * hand.
 */
struct naming {
	const char *protocol;
	const char *host;
};

/* A service, and how a person who looks into the keyring is told of it. */
static const struct {
	const char *service;
	const char *remark;
} remarks[] = {
    {"oauth2", " (OAuth2)"},
    {"oauth2-client", " (OAuth2 client)"},
};

static const struct naming own_naming = {"service", "host"};
static const struct naming git_naming = {"protocol", "server"};

static const struct naming *const namings[] = {
    &own_naming, /* msmtp's too */
    &git_naming,
};

static int find_by(struct keyring *keyring, const struct naming *naming,
    const struct keyring_key *key, SecretItem **ret_item, struct error *err);
static int search(struct keyring *keyring, const struct naming *naming,
    const struct keyring_key *key, GList **ret_items, struct error *err);
static GHashTable *make_attributes(const struct naming *naming,
    const struct keyring_key *key);
static int preference(SecretItem *item, uint16_t port);
static bool is_own(SecretItem *item);
static bool is_password(const struct keyring_key *key);
static int load_secret(struct keyring *keyring, SecretItem *item,
    struct secret **ret_secret, struct error *err);
static int copy_value(SecretItem *item, struct secret **ret_secret,
    struct error *err);
static int unlock_default(struct keyring *keyring, struct error *err);
static int create_item(struct keyring *keyring, const struct keyring_key *key,
    const struct secret *secret, struct error *err);
static char *make_label(const struct keyring_key *key);
static int erase_item(struct keyring *keyring, SecretItem *item,
    struct error *err);

struct keyring *
keyring_open(void (*on_prompt)(void), struct error *err)
{
	struct keyring *keyring = g_new0(struct keyring, 1);

	if (service_open(&keyring->service, on_prompt, err) == 0)
		return keyring;
	g_free(keyring);
	return NULL;
}

void
keyring_close(struct keyring *keyring)
{
	if (keyring == NULL)
		return;
	service_close(&keyring->service);
	g_free(keyring);
}

int
keyring_find(struct keyring *keyring, const struct keyring_key *key,
    struct secret **ret_secret, struct error *err)
{
	SecretItem *item = NULL;
	struct secret *secret = NULL;
	size_t count = is_password(key) ? G_N_ELEMENTS(namings) : 1;
	int result = 0;

	for (size_t i = 0; i < count; i++) {
		if (find_by(keyring, namings[i], key, &item, err) == -1)
			return -1;
		if (item != NULL)
			break;
	}
	if (item != NULL) {
		result = load_secret(keyring, item, &secret, err);
		g_object_unref(item);
	}
	if (secret != NULL && is_password(key))
		secret_cut_line(secret);
	if (result == 0)
		*ret_secret = secret;
	return result;
}

int
keyring_store(struct keyring *keyring, const struct keyring_key *key,
    const struct secret *secret, struct error *err)
{
	if (unlock_default(keyring, err) == -1)
		return -1;
	return create_item(keyring, key, secret, err);
}

int
keyring_erase(struct keyring *keyring, const struct keyring_key *key,
    struct error *err)
{
	GList *items = NULL;
	int result = 0;

	if (search(keyring, &own_naming, key, &items, err) == -1)
		return -1;
	for (GList *at = items; at != NULL && result == 0; at = at->next) {
		if (is_own(at->data))
			result = erase_item(keyring, at->data, err);
	}
	g_list_free_full(items, g_object_unref);
	return result;
}

/* The item to be preferred, or NULL, also on failure. The caller unrefs. */
static int
find_by(struct keyring *keyring, const struct naming *naming,
    const struct keyring_key *key, SecretItem **ret_item, struct error *err)
{
	SecretItem *best = NULL;
	GList *items = NULL;

	if (search(keyring, naming, key, &items, err) == -1)
		return -1;
	for (GList *at = items; at != NULL; at = at->next) {
		if (!is_password(key) && !is_own(at->data))
			continue;
		if (best == NULL ||
		    preference(at->data, key->port) >
			preference(best, key->port))
			best = at->data;
	}
	*ret_item = best != NULL ? g_object_ref(best) : NULL;
	g_list_free_full(items, g_object_unref);
	return 0;
}

static int
search(struct keyring *keyring, const struct naming *naming,
    const struct keyring_key *key, GList **ret_items, struct error *err)
{
	struct service *service = &keyring->service;
	GHashTable *attributes = make_attributes(naming, key);
	GError *cause = NULL;
	GList *items;

	secret_service_search(service->proxy, NULL, attributes,
	    SECRET_SEARCH_ALL, service->cancellable, service_result, service);
	items = secret_service_search_finish(service->proxy,
	    service_wait(service), &cause);
	g_hash_table_unref(attributes);
	if (cause != NULL)
		return service_failed(cause, "searching the keyring", err);
	*ret_items = items;
	return 0;
}

/* The strings stay the key's. */
static GHashTable *
make_attributes(const struct naming *naming, const struct keyring_key *key)
{
	GHashTable *attributes = g_hash_table_new(g_str_hash, g_str_equal);

	g_hash_table_insert(attributes, (char *)naming->protocol,
	    (char *)key->service);
	g_hash_table_insert(attributes, (char *)naming->host,
	    (char *)key->host);
	g_hash_table_insert(attributes, "user", (char *)key->user);
	return attributes;
}

/* Ours first, then one for that very port, then one for any port. */
static int
preference(SecretItem *item, uint16_t port)
{
	GHashTable *attributes = secret_item_get_attributes(item);
	const char *text = g_hash_table_lookup(attributes, "port");
	int value = is_own(item) ? 4 : 0;

	if (text == NULL)
		value += 1;
	else if (g_ascii_strtoull(text, NULL, 10) == port)
		value += 2;
	g_hash_table_unref(attributes);
	return value;
}

static bool
is_own(SecretItem *item)
{
	char *schema = secret_item_get_schema_name(item);
	bool own = schema != NULL && strcmp(schema, own_schema) == 0;

	g_free(schema);
	return own;
}

/*
 * Of a password only the first line counts: what secret-tool reads from a pipe
 * keeps its newline, and git puts "password_expiry_utc=..." on further lines.
 */
static bool
is_password(const struct keyring_key *key)
{
	return strcmp(key->service, "smtp") == 0;
}

static int
load_secret(struct keyring *keyring, SecretItem *item,
    struct secret **ret_secret, struct error *err)
{
	struct service *service = &keyring->service;
	GError *cause = NULL;

	if (secret_item_get_locked(item) &&
	    service_unlock(service, G_DBUS_PROXY(item), err) == -1)
		return -1;
	secret_item_load_secret(item, service->cancellable, service_result,
	    service);
	if (!secret_item_load_secret_finish(item, service_wait(service),
		&cause))
		return service_failed(cause, "reading the keyring", err);
	return copy_value(item, ret_secret, err);
}

static int
copy_value(SecretItem *item, struct secret **ret_secret, struct error *err)
{
	SecretValue *value = secret_item_get_secret(item);
	struct secret *secret = secret_new(err);
	gsize len = 0;
	const char *bytes;
	int result = -1;

	if (secret != NULL && value != NULL) {
		bytes = secret_value_get(value, &len);
		result = secret_add(secret, bytes, len, err);
	} else if (secret != NULL) {
		error_set(err, ERROR_KEYRING, "the keyring's item is empty");
	}
	if (value != NULL)
		secret_value_unref(value);
	if (result == -1) {
		secret_free(secret);
		return -1;
	}
	*ret_secret = secret;
	return 0;
}

/* Where there is no default collection yet, making one asks a person too. */
static int
unlock_default(struct keyring *keyring, struct error *err)
{
	struct service *service = &keyring->service;
	SecretCollection *collection;
	GError *cause = NULL;
	int result = 0;

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
		result = service_unlock(service, G_DBUS_PROXY(collection), err);
	g_clear_object(&collection);
	return result;
}

static int
create_item(struct keyring *keyring, const struct keyring_key *key,
    const struct secret *secret, struct error *err)
{
	struct service *service = &keyring->service;
	GHashTable *attributes = make_attributes(&own_naming, key);
	SecretValue *value = secret_value_new(secret_bytes(secret),
	    (gssize)secret_len(secret), "text/plain");
	char *label = make_label(key);
	GError *cause = NULL;
	int result = 0;

	g_hash_table_insert(attributes, "xdg:schema", (char *)own_schema);
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
make_label(const struct keyring_key *key)
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
erase_item(struct keyring *keyring, SecretItem *item, struct error *err)
{
	struct service *service = &keyring->service;
	GError *cause = NULL;

	if (secret_item_get_locked(item) &&
	    service_unlock(service, G_DBUS_PROXY(item), err) == -1)
		return -1;
	secret_item_delete(item, service->cancellable, service_result, service);
	if (secret_item_delete_finish(item, service_wait(service), &cause))
		return 0;
	return service_failed(cause, "erasing from the keyring", err);
}

#endif
