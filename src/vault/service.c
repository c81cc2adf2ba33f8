/* SPDX-License-Identifier: MIT */
/*
 * Calls the Secret Service. Every call is asynchronous, so that one timer can
 * end it: a synchronous call waits 25 s for a service that hangs. Knows nothing
 * of what items contain.
 */
#ifdef HAVE_LIBSECRET

#include "vault/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/process.h"
#include "vault/bus.h"
#include "vault/keyring.h"

enum {
	UNKNOWN_METHOD_RETRIES = 20,
	UNKNOWN_METHOD_DELAY_MS = 25
};

/* The message for one code of an error domain. Domains are functions, because
 * GLib assigns their numbers at run time. */
struct meaning {
	GQuark (*domain)(void);
	int code;
	const char *message;
	const char *hint;
	const char *cause;
};

static const char service_name[] = "org.freedesktop.secrets";
static const char no_service[] =
    "no keyring service is running on the D-Bus session";
static const char no_service_hint[] =
    "install and start gnome-keyring, KWallet (with its Secret Service) or "
    "KeePassXC (Settings, Secret Service Integration), or set \"credential\" "
    "to another source";
static const char not_started[] = "the keyring service cannot be started";
static const char not_started_hint[] =
    "start it in a terminal to see why, \"gnome-keyring-daemon --foreground "
    "--components=secrets\" or KWallet; or set \"credential\" to another "
    "source";
static const char locked[] = "the keyring is locked";
static const char locked_hint[] =
    "unlock it by signing in to the desktop or with \"gnome-keyring-daemon "
    "--unlock\" (KWallet: in its window), or set \"credential\" to another "
    "source";
static const char locked_cause[] = "keyring-locked";
static const char unavailable[] = "keyring";
static const char hangs[] = "the keyring service doesn't answer";
static const char hangs_hint[] =
    "restart the service that owns org.freedesktop.secrets, which may have "
    "ended or wait for a prompt that no one sees, or set \"credential\" to "
    "another source";
static const char no_keyring[] =
    "the keyring service has no keyring for passwords";
static const char no_keyring_hint[] =
    "create a keyring and make it the default (seahorse, \"Passwords and "
    "Keys\": New, Password Keyring; or KWallet's window), or restart the "
    "service that owns org.freedesktop.secrets";
static const char denied[] = "the D-Bus session denies access to the keyring";
static const char denied_hint[] =
    "run it as the user of the desktop session, not by sudo or in a sandbox "
    "(snap, Flatpak: permit org.freedesktop.secrets), or set \"credential\" "
    "to another source";
static const char bus_ended[] = "the connection to the D-Bus session ended";
static const char bus_ended_hint[] =
    "try again; if it repeats, sign in to the desktop again";

#define DBUS(code) g_dbus_error_quark, G_DBUS_ERROR_##code
#define IO(code) g_io_error_quark, G_IO_ERROR_##code
#define SECRET(code) secret_error_get_quark, SECRET_ERROR_##code

/* clang-format off */
static const struct meaning meanings[] = {
    {IO(CANCELLED), hangs, hangs_hint, unavailable},
    {IO(TIMED_OUT), hangs, hangs_hint, unavailable},
    {DBUS(NO_REPLY), hangs, hangs_hint, unavailable},
    {DBUS(TIMEOUT), hangs, hangs_hint, unavailable},
    {DBUS(TIMED_OUT), hangs, hangs_hint, unavailable},
    {DBUS(SERVICE_UNKNOWN), no_service, no_service_hint, unavailable},
    {DBUS(NAME_HAS_NO_OWNER), no_service, no_service_hint, unavailable},
    {DBUS(SPAWN_SERVICE_NOT_FOUND), no_service, no_service_hint, unavailable},
    {DBUS(SPAWN_CHILD_EXITED), not_started, not_started_hint, unavailable},
    {DBUS(SPAWN_CHILD_SIGNALED), not_started, not_started_hint, unavailable},
    {DBUS(SPAWN_EXEC_FAILED), not_started, not_started_hint, unavailable},
    {DBUS(SPAWN_FAILED), not_started, not_started_hint, unavailable},
    {DBUS(SPAWN_FORK_FAILED), not_started, not_started_hint, unavailable},
    {DBUS(SPAWN_SETUP_FAILED), not_started, not_started_hint, unavailable},
    {DBUS(SPAWN_SERVICE_INVALID), not_started, not_started_hint, unavailable},
    {DBUS(SPAWN_FILE_INVALID), not_started, not_started_hint, unavailable},
    {DBUS(SPAWN_PERMISSIONS_INVALID), not_started, not_started_hint,
	unavailable},
    {DBUS(UNKNOWN_METHOD), no_keyring, no_keyring_hint, unavailable},
    {DBUS(UNKNOWN_OBJECT), no_keyring, no_keyring_hint, unavailable},
    {DBUS(UNKNOWN_INTERFACE), no_keyring, no_keyring_hint, unavailable},
    {SECRET(NO_SUCH_OBJECT), no_keyring, no_keyring_hint, unavailable},
    {DBUS(ACCESS_DENIED), denied, denied_hint, unavailable},
    {DBUS(AUTH_FAILED), denied, denied_hint, unavailable},
    {IO(PERMISSION_DENIED), denied, denied_hint, unavailable},
    {DBUS(DISCONNECTED), bus_ended, bus_ended_hint, unavailable},
    {IO(CLOSED), bus_ended, bus_ended_hint, unavailable},
    {SECRET(IS_LOCKED), locked, locked_hint, locked_cause},
};
/* clang-format on */

static int connect_bus(struct service *service, struct error *err);
static void service_hint_lock(const char *message, struct error *err);
static GVariant *service_call_once(struct service *service,
    const struct service_method *method, const char *path, GVariant *parameters,
    GError **ret_cause);
static void service_set_limit(struct service *service, unsigned limit_ms);
static gboolean on_limit(gpointer service);
static int still_locked(struct error *err);

int
service_open(struct service *service, void (*on_prompt)(void),
    struct error *err)
{
	/* Registers libsecret's errors, so that GIO translates those in
	 * replies. The compiler drops a call whose result is not used. */
	volatile GQuark registered = SECRET_ERROR;

	(void)registered;
	if (bus_find(err) == -1)
		return -1;
	*service = (struct service){.on_prompt = on_prompt};
	service->cancellable = g_cancellable_new();
	service_set_limit(service, KEYRING_LIMIT_MS);
	if (connect_bus(service, err) == 0)
		return 0;
	service_close(service);
	return -1;
}

void
service_close(struct service *service)
{
	g_clear_object(&service->result);
	g_clear_object(&service->proxy);
	g_clear_object(&service->bus);
	g_clear_object(&service->cancellable);
	if (service->limit != NULL) {
		g_source_destroy(service->limit);
		g_clear_pointer(&service->limit, g_source_unref);
	}
}

bool
service_is_local(const struct service *service)
{
	GIOStream *stream = g_dbus_connection_get_stream(service->bus);

	return G_IS_SOCKET_CONNECTION(stream) &&
	    g_socket_get_family(g_socket_connection_get_socket(
		G_SOCKET_CONNECTION(stream))) == G_SOCKET_FAMILY_UNIX;
}

/*
 * gnome-keyring 42.1 (2026-11: one of some 600 clients, 100 at a time) answers
 * that it lacks a method when the client's session isn't ready on its side. All
 * methods that are called here are mandatory.
 */
GVariant *
service_call(struct service *service, const struct service_method *method,
    const char *path, GVariant *parameters, struct error *err)
{
	GVariant *reply = NULL;
	GError *cause = NULL;

	g_variant_ref_sink(parameters);
	for (int retries = 0; reply == NULL; retries++) {
		reply = service_call_once(service, method, path, parameters,
		    &cause);
		if (reply != NULL || retries == UNKNOWN_METHOD_RETRIES ||
		    !g_error_matches(cause, G_DBUS_ERROR,
			G_DBUS_ERROR_UNKNOWN_METHOD))
			break;
		g_clear_error(&cause);
		clock_sleep_until(clock_now_ms() + UNKNOWN_METHOD_DELAY_MS);
	}
	g_variant_unref(parameters);
	if (reply == NULL)
		service_failed(cause, method->purpose, err);
	return reply;
}

static GVariant *
service_call_once(struct service *service, const struct service_method *method,
    const char *path, GVariant *parameters, GError **ret_cause)
{
	g_dbus_connection_call(service->bus, service_name, path,
	    method->interface, method->name, parameters,
	    G_VARIANT_TYPE(method->reply), G_DBUS_CALL_FLAGS_NONE, -1,
	    service->cancellable, service_result, service);
	return g_dbus_connection_call_finish(service->bus,
	    service_wait(service), ret_cause);
}

int
service_load_proxy(struct service *service, struct error *err)
{
	GError *cause = NULL;

	if (service->proxy != NULL)
		return 0;
	secret_service_get(SECRET_SERVICE_NONE, service->cancellable,
	    service_result, service);
	service->proxy =
	    secret_service_get_finish(service_wait(service), &cause);
	if (service->proxy == NULL)
		return service_failed(cause, "connecting to the keyring", err);
	return 0;
}

void
service_result(GObject *object, GAsyncResult *result, gpointer data)
{
	struct service *service = data;

	(void)object;
	service->result = g_object_ref(result);
}

GAsyncResult *
service_wait(struct service *service)
{
	g_clear_object(&service->result);
	while (service->result == NULL)
		g_main_context_iteration(NULL, TRUE);
	return service->result;
}

int
service_unlock(struct service *service, const char *path, struct error *err)
{
	const char *paths[] = {path, NULL};
	char **unlocked = NULL;
	GError *cause = NULL;
	int count;

	if (service_expect_prompt(service, err) == -1 ||
	    service_load_proxy(service, err) == -1)
		return -1;
	secret_service_unlock_dbus_paths(service->proxy, paths,
	    service->cancellable, service_result, service);
	count = secret_service_unlock_dbus_paths_finish(service->proxy,
	    service_wait(service), &unlocked, &cause);
	g_strfreev(unlocked);
	if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		g_error_free(cause);
		error_set(err, ERROR_KEYRING,
		    "%s, and its prompt was not answered", locked);
		error_set_cause(err, locked_cause);
		return error_hint(err, "%s", locked_hint);
	}
	if (cause != NULL)
		return service_failed(cause, "unlocking the keyring", err);
	if (count == 0)
		return still_locked(err);
	service_set_limit(service, KEYRING_LIMIT_MS);
	return 0;
}

int
service_expect_prompt(struct service *service, struct error *err)
{
	if (service->on_prompt == NULL) {
		error_set(err, ERROR_KEYRING, "%s", locked);
		error_set_cause(err, locked_cause);
		return error_hint(err, "%s", locked_hint);
	}
	if (!process_has_display())
		return 0;
	service->on_prompt();
	service_set_limit(service, KEYRING_PROMPT_LIMIT_MS);
	return 0;
}

int
service_failed(GError *cause, const char *purpose, struct error *err)
{
	size_t count = sizeof meanings / sizeof meanings[0];
	size_t i = 0;

	while (i < count &&
	    !g_error_matches(cause, meanings[i].domain(), meanings[i].code))
		i++;
	if (i < count) {
		error_set(err, ERROR_KEYRING, "%s", meanings[i].message);
		error_set_cause(err, meanings[i].cause);
		error_hint(err, "%s", meanings[i].hint);
	} else {
		g_dbus_error_strip_remote_error(cause);
		error_set(err, ERROR_KEYRING, "%s: %s", purpose,
		    cause->message);
		service_hint_lock(cause->message, err);
	}
	g_error_free(cause);
	return -1;
}

/* KWallet and KeePassXC have no error of their own for a locked keyring. */
static void
service_hint_lock(const char *message, struct error *err)
{
	if (strcasestr(message, " locked") == NULL &&
	    strcasestr(message, "unlock") == NULL &&
	    strcasestr(message, "dismissed") == NULL)
		return;
	error_set_cause(err, locked_cause);
	error_hint(err, "%s", locked_hint);
}

static int
connect_bus(struct service *service, struct error *err)
{
	GError *cause = NULL;

	g_bus_get(G_BUS_TYPE_SESSION, service->cancellable, service_result,
	    service);
	service->bus = g_bus_get_finish(service_wait(service), &cause);
	if (service->bus == NULL) {
		bool hung =
		    g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_CANCELLED);

		error_set(err, ERROR_KEYRING,
		    "can't connect to the D-Bus session at %s: %s",
		    getenv("DBUS_SESSION_BUS_ADDRESS"),
		    hung ? "it doesn't answer" : cause->message);
		g_error_free(cause);
		return error_hint(err,
		    "set DBUS_SESSION_BUS_ADDRESS to the bus of your desktop "
		    "session, or unset it; run it as the user of that session, "
		    "not by sudo");
	}
	/* GIO's default is to end the process when the connection closes. */
	g_dbus_connection_set_exit_on_close(service->bus, FALSE);
	return 0;
}

static void
service_set_limit(struct service *service, unsigned limit_ms)
{
	if (service->limit != NULL) {
		g_source_destroy(service->limit);
		g_source_unref(service->limit);
	}
	service->limit = g_timeout_source_new(limit_ms);
	g_source_set_callback(service->limit, on_limit, service, NULL);
	g_source_attach(service->limit, NULL);
}

static gboolean
on_limit(gpointer data)
{
	struct service *service = data;

	g_cancellable_cancel(service->cancellable);
	return G_SOURCE_REMOVE;
}

/*
 * The service doesn't report whether it could not prompt the user or the user
 * dismissed the prompt. Without a display it was the former.
 */
static int
still_locked(struct error *err)
{
	if (!process_has_display()) {
		error_set(err, ERROR_KEYRING, "%s", locked);
		error_set_cause(err, locked_cause);
		return error_hint(err, "%s", locked_hint);
	}
	error_set(err, ERROR_AUTH,
	    "the keyring is locked, and its prompt was dismissed");
	error_set_cause(err, locked_cause);
	return error_hint(err, "%s", locked_hint);
}

#endif
