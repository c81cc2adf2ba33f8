/* SPDX-License-Identifier: MIT */
#ifndef VAULT_SERVICE_H
#define VAULT_SERVICE_H

/*
 * The connection to the Secret Service: calls that end in time, unlocking, and
 * what its errors mean. For keyring.c; this header needs libsecret's.
 *
 * A call is made with service_result as its callback, "struct service *" as
 * its data, and service->cancellable; service_wait then gives the result.
 */

#include <libsecret/secret.h>

#include "base/error.h"

struct service {
	SecretService *proxy;
	GCancellable *cancellable;
	GDBusConnection *bus;
	GSource *limit;
	GAsyncResult *result; /* of the call that has ended */
	void (*on_prompt)(void);
};

/* Connects; the time limit of vault/keyring.h begins. On failure nothing is
 * left to be closed. */
int service_open(struct service *service, void (*on_prompt)(void),
    struct error *err);

void service_close(struct service *service);

/* A GAsyncReadyCallback. */
void service_result(GObject *object, GAsyncResult *result, gpointer service);

/* Waits until the call under way has ended, or was ended by the limit. The
 * result is borrowed until the next call. */
GAsyncResult *service_wait(struct service *service);

/*
 * Unlocks an item or a collection; a person may be asked. ERROR_KEYRING when it
 * stays locked because nobody can be asked, ERROR_AUTH when the person
 * declined.
 */
int service_unlock(struct service *service, GDBusProxy *object,
    struct error *err);

/* Says that a person is about to be asked, and gives them time. Where there is
 * no display the limit stays. ERROR_KEYRING when nobody may be asked. */
int service_expect_prompt(struct service *service, struct error *err);

/* Fills err from a failed call; what says what was tried. Takes cause. Always
 * returns -1. */
int service_failed(GError *cause, const char *what, struct error *err);

#endif
