/* SPDX-License-Identifier: MIT */
/*
 * Finds out what requests for an account need.
 */
#include "online/confinement.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/sandbox.h"
#include "base/text.h"

/* Ways to other programs of the user. */
static const char *const variables[] = {"DBUS_SESSION_BUS_ADDRESS",
    "DBUS_STARTER_ADDRESS", "GNOME_KEYRING_CONTROL", "GPG_AGENT_INFO",
    "SSH_AUTH_SOCK", "XDG_RUNTIME_DIR"};

/* Files that are read after the sandbox is entered. */
static const enum setting_id files[] = {SETTING_TOKEN_TRUST_FILE,
    SETTING_TLS_TRUST_FILE, SETTING_TLS_CRL_FILE, SETTING_CLIENT_CERT_FILE,
    SETTING_CLIENT_KEY};

enum {
	VARIABLE_COUNT = sizeof variables / sizeof *variables,
	FILE_COUNT = sizeof files / sizeof *files
};

void
confine_operation(const struct account *account, bool needs_unix)
{
	const char *home = getenv("HOME");
	const char *vault = account->text[SETTING_CREDENTIAL_FOLDER];
	const char *hidden[3] = {NULL};
	const char *readable[FILE_COUNT + 1] = {NULL};
	const struct sandbox_policy policy = {.hidden = hidden,
	    .readable = readable,
	    .denies_unix = !needs_unix};
	struct sandbox sandbox;
	size_t count = 0;

	for (size_t i = 0; i < FILE_COUNT; i++) {
		const char *path = account->text[files[i]];

		if (path != NULL && text_has_prefix(path, "pkcs11:"))
			return;
		if (path != NULL)
			readable[count++] = path;
	}
	count = 0;
	if (home != NULL && strspn(home, "/") < strlen(home))
		hidden[count++] = home;
	if (vault != NULL)
		hidden[count++] = vault;
	for (size_t i = 0; i < VARIABLE_COUNT; i++)
		unsetenv(variables[i]);
	sandbox_enter(&policy, &sandbox);
}
