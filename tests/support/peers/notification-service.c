/* SPDX-License-Identifier: MIT */
/*
 * A notification service for tests: prints "ready", then the parameters of each
 * Notify on a line, as GVariant text. Arguments: its capabilities; "hang": it
 * answers nothing.
 */
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#define NAME "org.freedesktop.Notifications"

static const char interface[] =
    "<node><interface name='" NAME "'>"
    "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
    "<method name='Notify'><arg type='s'/><arg type='u'/><arg type='s'/>"
    "<arg type='s'/><arg type='s'/><arg type='as'/><arg type='a{sv}'/>"
    "<arg type='i'/><arg type='u' direction='out'/></method>"
    "</interface></node>";

static void
on_call(GDBusConnection *bus, const char *sender, const char *path,
    const char *interface_name, const char *method, GVariant *parameters,
    GDBusMethodInvocation *invocation, gpointer data)
{
	const char *const *words = data;

	(void)bus, (void)sender, (void)path, (void)interface_name;
	if (strcmp(method, "Notify") == 0) {
		char *text = g_variant_print(parameters, FALSE);

		puts(text);
		fflush(stdout);
		g_free(text);
	}
	if (words[0] != NULL && strcmp(words[0], "hang") == 0)
		return;
	g_dbus_method_invocation_return_value(invocation,
	    strcmp(method, "Notify") == 0 ? g_variant_new("(u)", 1)
					  : g_variant_new("(^as)", words));
}

static const GDBusInterfaceVTable calls = {.method_call = on_call};

static void
on_bus(GDBusConnection *bus, const char *name, gpointer data)
{
	GDBusNodeInfo *node = g_dbus_node_info_new_for_xml(interface, NULL);

	(void)name;
	g_dbus_connection_register_object(bus, "/org/freedesktop/Notifications",
	    node->interfaces[0], &calls, data, NULL, NULL);
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
	(void)argc;
	g_bus_own_name(G_BUS_TYPE_SESSION, NAME, G_BUS_NAME_OWNER_FLAGS_NONE,
	    on_bus, on_name, NULL, argv + 1, NULL);
	g_main_loop_run(g_main_loop_new(NULL, FALSE));
	return 0;
}
