/* SPDX-License-Identifier: MIT */
/*
 * Finds the user's D-Bus session bus where the environment doesn't name one.
 * Doesn't connect.
 */
#include "vault/bus.h"

#include <limits.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"

static const char address_variable[] = "DBUS_SESSION_BUS_ADDRESS";

static int add_socket_address(struct buf *address, const char *directory,
    struct error *err);
static bool is_own_socket(const char *path);

int
bus_find(struct error *err)
{
	const char *current = getenv(address_variable);
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char directory[64];
	struct buf address;
	int result = -1;

	if (current != NULL && *current != '\0' &&
	    !text_has_prefix(current, "autolaunch:"))
		return 0;
	snprintf(directory, sizeof directory, "/run/user/%lu",
	    (unsigned long)getuid());
	buf_init(&address, PATH_MAX * 3);
	if (runtime != NULL && *runtime == '/' &&
	    add_socket_address(&address, runtime, err) == -1)
		goto out;
	if (address.len == 0 &&
	    add_socket_address(&address, directory, err) == -1)
		goto out;
	if (address.len > 0) {
		result = setenv(address_variable, address.data, 1);
		if (result == -1)
			error_no_memory(err);
		goto out;
	}
	error_set(err, ERROR_KEYRING,
	    "no D-Bus session found, so the keyring is not available");
	error_hint(err,
	    "without a desktop session, set credential to file:PATH or another "
	    "source, or run under dbus-run-session with a keyring service. If "
	    "the server takes mail without a sign-in: user = \"\"");
out:
	buf_done(&address);
	return result;
}

/* Adds nothing when the directory contains no bus. D-Bus specification, "Server
 * Addresses". */
static int
add_socket_address(struct buf *address, const char *directory,
    struct error *err)
{
	char *path = text_format(err, "%s/bus", directory);
	int result = 0;

	if (path == NULL)
		return -1;
	if (is_own_socket(path) &&
	    (buf_add_text(address, "unix:path=", err) == -1 ||
		buf_add_encoded(address, path, "-_/.*", err) == -1))
		result = -1;
	free(path);
	return result;
}

/* A socket of another user could collect passwords. */
static bool
is_own_socket(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISSOCK(status.st_mode) &&
	    status.st_uid == getuid();
}
