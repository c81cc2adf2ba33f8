/* SPDX-License-Identifier: MIT */
#ifndef VAULT_SERVICE_H
#define VAULT_SERVICE_H

/*
 * The connection to the Secret Service, the D-Bus interface of keyrings
 * (https://specifications.freedesktop.org/secret-service): calls with a time
 * limit, unlocking, and the meaning of errors. For this layer only: this header
 * needs libsecret's.
 *
 * An asynchronous function of GIO or libsecret is started with
 * service->cancellable, service_result as its callback and the struct service
 * as the callback's data; then service_wait returns its result.
 */

/* Declares the functions that take the D-Bus path of an item. */
#define SECRET_API_SUBJECT_TO_CHANGE
#include <libsecret/secret.h>
#include <stdbool.h>

#include "base/error.h"

#define SERVICE_PATH "/org/freedesktop/secrets"
#define SERVICE_INTERFACE "org.freedesktop.Secret.Service"

struct service {
	GDBusConnection *bus;
	SecretService *proxy; /* NULL until service_load_proxy */
	GCancellable *cancellable;
	GSource *limit;
	GAsyncResult *result; /* of the last call */
	void (*on_prompt)(void);
};

struct service_method {
	const char *interface;
	const char *name;
	const char *reply;   /* the type of its reply */
	const char *purpose; /* "reading the keyring", for messages */
};

/* Connects to the bus, and starts the time limit of vault/keyring.h. On
 * failure nothing is left to close. */
int service_open(struct service *service, void (*on_prompt)(void),
    struct error *err);

void service_close(struct service *service);

/* Whether the bus is on this machine. */
bool service_is_local(const struct service *service);

/*
 * Calls a method of the Secret Service's object at path. Consumes parameters if
 * they are floating. The caller frees the reply with g_variant_unref. NULL on
 * failure.
 */
GVariant *service_call(struct service *service,
    const struct service_method *method, const char *path, GVariant *parameters,
    struct error *err);

/* Sets service->proxy, which libsecret's own functions need and service_call
 * doesn't. It costs a dozen messages. */
int service_load_proxy(struct service *service, struct error *err);

/* A GAsyncReadyCallback. */
void service_result(GObject *object, GAsyncResult *result, gpointer service);

/* Waits for the end of the running call. The result is borrowed until the next
 * call. */
GAsyncResult *service_wait(struct service *service);

/*
 * Unlocks the item or collection at path; the keyring may prompt the user.
 * ERROR_KEYRING when it stays locked because no prompt is possible, ERROR_AUTH
 * when the user dismisses the prompt.
 */
int service_unlock(struct service *service, const char *path,
    struct error *err);

/* Announces a prompt, and extends the time limit if there is a display.
 * ERROR_KEYRING when prompts are not allowed. */
int service_expect_prompt(struct service *service, struct error *err);

/* Describes a failed call in err; purpose is as in struct service_method.
 * Frees cause. Always returns -1. */
int service_failed(GError *cause, const char *purpose, struct error *err);

#endif
