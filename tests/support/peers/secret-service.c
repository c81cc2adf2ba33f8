/* SPDX-License-Identifier: MIT */
/*
 * A keyring service for tests that answers every call with one D-Bus error, as
 * real services do in odd states. Arguments: the name of the error, its
 * message. Prints "ready".
 */
#include <gio/gio.h>
#include <stdio.h>

static GDBusMessage *
on_message(GDBusConnection *bus, GDBusMessage *message, gboolean incoming,
    gpointer data)
{
	char *const *words = data;
	GDBusMessage *reply;

	if (!incoming ||
	    g_dbus_message_get_message_type(message) !=
		G_DBUS_MESSAGE_TYPE_METHOD_CALL)
		return message;
	reply = g_dbus_message_new_method_error_literal(message, words[1],
	    words[2]);
	g_dbus_connection_send_message(bus, reply,
	    G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
	g_object_unref(reply);
	g_object_unref(message);
	return NULL;
}

static void
on_bus(GDBusConnection *bus, const char *name, gpointer data)
{
	(void)name;
	g_dbus_connection_add_filter(bus, on_message, data, NULL);
}

static void
on_name(GDBusConnection *bus, const char *name, gpointer data)
{
	(void)bus, (void)name, (void)data;
	puts("ready");
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	GMainLoop *loop = g_main_loop_new(NULL, FALSE);

	if (argc != 3)
		return 2;
	g_bus_own_name(G_BUS_TYPE_SESSION, "org.freedesktop.secrets",
	    G_BUS_NAME_OWNER_FLAGS_NONE, on_bus, on_name, NULL, argv, NULL);
	g_main_loop_run(loop);
	return 0;
}
