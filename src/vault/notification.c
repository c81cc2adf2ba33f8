/* SPDX-License-Identifier: MIT */
/*
 * Calls the desktop's notification service on the session bus, with the time
 * limit of the keyring's calls.
 */
#ifdef HAVE_LIBSECRET

#include "vault/notification.h"

#include <stdbool.h>

#include "vault/service.h"

static const char service_name[] = "org.freedesktop.Notifications";
static const char service_path[] = "/org/freedesktop/Notifications";
static const char no_service[] = "no program shows notifications here";

static GVariant *notification_call(struct service *service, const char *method,
    GVariant *parameters, const char *reply, struct error *err);
static int notification_failed(GError *cause, struct error *err);
static int notification_read_markup(struct service *service,
    bool *ret_has_markup, struct error *err);
static GVariant *notification_parameters(const char *summary, const char *body,
    bool has_markup);

int
notification_show(const char *summary, const char *body, struct error *err)
{
	struct service service;
	GVariant *reply = NULL;
	bool has_markup;

	if (service_open(&service, NULL, err) == -1)
		return error_set(err, ERROR_REFUSED,
		    "no D-Bus session, so no notification can be shown");
	if (notification_read_markup(&service, &has_markup, err) == 0)
		reply = notification_call(&service, "Notify",
		    notification_parameters(summary, body, has_markup), "(u)",
		    err);
	service_close(&service);
	if (reply == NULL)
		return -1;
	g_variant_unref(reply);
	return 0;
}

/* NULL on failure. The bus starts the service if it can. */
static GVariant *
notification_call(struct service *service, const char *method,
    GVariant *parameters, const char *reply, struct error *err)
{
	GError *cause = NULL;
	GVariant *answer;

	g_dbus_connection_call(service->bus, service_name, service_path,
	    service_name, method, parameters, G_VARIANT_TYPE(reply),
	    G_DBUS_CALL_FLAGS_NONE, -1, service->cancellable, service_result,
	    service);
	answer = g_dbus_connection_call_finish(service->bus,
	    service_wait(service), &cause);
	if (answer == NULL)
		notification_failed(cause, err);
	return answer;
}

static int
notification_failed(GError *cause, struct error *err)
{
	static const int missing[] = {G_DBUS_ERROR_SERVICE_UNKNOWN,
	    G_DBUS_ERROR_NAME_HAS_NO_OWNER,
	    G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND,
	    G_DBUS_ERROR_SPAWN_CHILD_EXITED, G_DBUS_ERROR_SPAWN_EXEC_FAILED};
	bool is_missing = false;

	for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
		if (g_error_matches(cause, G_DBUS_ERROR, missing[i]))
			is_missing = true;
	}
	if (is_missing) {
		error_set(err, ERROR_REFUSED, "%s", no_service);
	} else if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
		error_set(err, ERROR_TEMPORARY,
		    "the notification service doesn't answer");
	} else {
		g_dbus_error_strip_remote_error(cause);
		error_set(err, ERROR_TEMPORARY, "notification service: %s",
		    cause->message);
	}
	g_error_free(cause);
	return -1;
}

/* Without the capability, markup and its escapes would be shown as they are. */
static int
notification_read_markup(struct service *service, bool *ret_has_markup,
    struct error *err)
{
	GVariant *reply =
	    notification_call(service, "GetCapabilities", NULL, "(as)", err);
	GVariantIter *iter;
	const char *capability;

	if (reply == NULL)
		return -1;
	*ret_has_markup = false;
	g_variant_get(reply, "(as)", &iter);
	while (g_variant_iter_next(iter, "&s", &capability)) {
		if (g_str_equal(capability, "body-markup"))
			*ret_has_markup = true;
	}
	g_variant_iter_free(iter);
	g_variant_unref(reply);
	return 0;
}

static GVariant *
notification_parameters(const char *summary, const char *body, bool has_markup)
{
	char *escaped =
	    has_markup ? g_markup_escape_text(body, -1) : g_strdup(body);
	GVariantBuilder hints;
	GVariant *parameters;

	g_variant_builder_init(&hints, G_VARIANT_TYPE("a{sv}"));
	g_variant_builder_add(&hints, "{sv}", "category",
	    g_variant_new_string("email"));
	/* Replaces none, no actions, the service's own duration. */
	parameters = g_variant_new("(susssasa{sv}i)", "postrider", 0,
	    "mail-send", summary, escaped, NULL, &hints, -1);
	g_free(escaped);
	return parameters;
}

#endif
