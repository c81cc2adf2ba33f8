/* SPDX-License-Identifier: MIT */
/*
 * Finds items and reads their secrets by direct calls of the Secret Service.
 * libsecret's functions would first load the properties of the service and of
 * every item found, three times the messages.
 */
#ifdef HAVE_LIBSECRET

#include "vault/item.h"

#include <string.h>

static const char item_interface[] = "org.freedesktop.Secret.Item";

static const struct service_method search_items = {SERVICE_INTERFACE,
    "SearchItems", "(aoao)", "searching the keyring"};
static const struct service_method open_session = {SERVICE_INTERFACE,
    "OpenSession", "(vo)", "opening a session with the keyring"};
static const struct service_method get_secret = {item_interface, "GetSecret",
    "((oayays))", "reading the keyring"};
static const struct service_method get_property =
    {"org.freedesktop.DBus.Properties", "Get", "(v)", "searching the keyring"};

static void add_items(GPtrArray *items, char **paths, bool is_locked);
static char *open_plain_session(struct service *service, struct error *err);
static struct secret *copy_secret(GVariant *reply, struct error *err);

GPtrArray *
item_search(struct service *service, GHashTable *attributes, struct error *err)
{
	GVariantBuilder builder;
	GHashTableIter at;
	GPtrArray *items;
	GVariant *reply;
	gpointer name;
	gpointer value;
	char **unlocked;
	char **locked;

	g_variant_builder_init(&builder, G_VARIANT_TYPE("a{ss}"));
	g_hash_table_iter_init(&at, attributes);
	while (g_hash_table_iter_next(&at, &name, &value))
		g_variant_builder_add(&builder, "{ss}", name, value);
	reply = service_call(service, &search_items, SERVICE_PATH,
	    g_variant_new("(a{ss})", &builder), err);
	if (reply == NULL)
		return NULL;
	items = g_ptr_array_new_with_free_func(g_free);
	g_variant_get(reply, "(^ao^ao)", &unlocked, &locked);
	add_items(items, unlocked, false);
	add_items(items, locked, true);
	g_strfreev(unlocked);
	g_strfreev(locked);
	g_variant_unref(reply);
	return items;
}

GVariant *
item_attributes(struct service *service, const struct item *item,
    struct error *err)
{
	GVariant *reply = service_call(service, &get_property, item->path,
	    g_variant_new("(ss)", item_interface, "Attributes"), err);
	GVariant *attributes;

	if (reply == NULL)
		return NULL;
	g_variant_get(reply, "(v)", &attributes);
	g_variant_unref(reply);
	if (g_variant_is_of_type(attributes, G_VARIANT_TYPE("a{ss}")))
		return attributes;
	g_variant_unref(attributes);
	error_set(err, ERROR_KEYRING,
	    "searching the keyring: the attributes of an item are malformed");
	return NULL;
}

struct secret *
item_read(struct service *service, const struct item *item, struct error *err)
{
	char *session = open_plain_session(service, err);
	struct secret *secret = NULL;
	GVariant *reply;

	if (session == NULL)
		return NULL;
	reply = service_call(service, &get_secret, item->path,
	    g_variant_new("(o)", session), err);
	if (reply != NULL) {
		secret = copy_secret(reply, err);
		g_variant_unref(reply);
	}
	g_free(session);
	return secret;
}

static void
add_items(GPtrArray *items, char **paths, bool is_locked)
{
	for (; *paths != NULL; paths++) {
		size_t size = strlen(*paths) + 1;
		struct item *item = g_malloc(sizeof *item + size);

		item->is_locked = is_locked;
		memcpy(item->path, *paths, size);
		g_ptr_array_add(items, item);
	}
}

/*
 * The keyring sends the secret unencrypted. The other algorithm, a key exchange
 * without authentication, takes as long as everything else together and keeps
 * nothing from other processes: a process that may read the messages of the
 * user's bus may also ask the keyring. The bus must not be on a network.
 */
static char *
open_plain_session(struct service *service, struct error *err)
{
	GVariant *reply;
	char *session;

	if (!service_is_local(service)) {
		error_set(err, ERROR_KEYRING,
		    "the D-Bus session is not on a local socket, so the "
		    "keyring would send the secret over a network");
		error_hint(err,
		    "set DBUS_SESSION_BUS_ADDRESS to the bus of your desktop "
		    "session, or \"credential\" to another source");
		return NULL;
	}
	reply = service_call(service, &open_session, SERVICE_PATH,
	    g_variant_new("(sv)", "plain", g_variant_new_string("")), err);
	if (reply == NULL)
		return NULL;
	g_variant_get(reply, "(vo)", NULL, &session);
	g_variant_unref(reply);
	return session;
}

/* The reply is (session, parameters, secret, content type). */
static struct secret *
copy_secret(GVariant *reply, struct error *err)
{
	struct secret *secret;
	GVariant *value;
	const void *bytes;
	gsize len;

	g_variant_get(reply, "((oay@ays))", NULL, NULL, &value, NULL);
	bytes = g_variant_get_fixed_array(value, &len, 1);
	secret = len > 0 ? secret_from(bytes, len, err) : secret_new(err);
	/* No one else holds the value. */
	secret_wipe((void *)bytes, len);
	g_variant_unref(value);
	return secret;
}

#endif
