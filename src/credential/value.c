/* SPDX-License-Identifier: MIT */
/*
 * Reads a credential from an environment variable, from a file, or from a
 * credential of a systemd service. Runs no program.
 */
#include "credential/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/paths.h"
#include "base/text.h"

static int value_read_file(struct credential *credential, const char *path,
    struct error *err);

/* Removes the variable, so that no program started later inherits it. */
int
credential_variable_start(struct credential *credential, struct error *err)
{
	const char *value = getenv(credential->argument);
	int result = 0;

	if (value != NULL)
		result = secret_add_text(credential->secret, value, err);
	credential_variable_forget(credential->argument);
	return result;
}

int
credential_variable_await(struct credential *credential, struct error *err)
{
	if (secret_len(credential->secret) > 0)
		return 0;
	error_set(err, ERROR_AUTH,
	    "the environment variable %s is not set or empty",
	    credential->argument);
	return error_hint(err,
	    "set it for this command, or set another source with "
	    "\"credential\"");
}

void
credential_variable_forget(const char *name)
{
	char *value = getenv(name);

	if (value == NULL)
		return;
	/* Other processes can read it in /proc otherwise. */
	secret_wipe(value, strlen(value));
	unsetenv(name);
}

int
credential_file_await(struct credential *credential, struct error *err)
{
	char *path = paths_expand(credential->argument, err);
	int result = -1;

	if (path != NULL)
		result = value_read_file(credential, path, err);
	free(path);
	return result;
}

/* See systemd.exec(5), "CREDENTIALS". */
int
credential_systemd_await(struct credential *credential, struct error *err)
{
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	const char *name = credential->argument;
	char *path;
	int result = -1;

	if (directory == NULL || *directory == '\0') {
		error_set(err, ERROR_AUTH,
		    "no credential \"%s\" from systemd: CREDENTIALS_DIRECTORY "
		    "is not set",
		    name);
		return error_hint(err,
		    "the unit needs LoadCredential=%s:PATH; outside of units, "
		    "add an account of your own with \"postrider login\", or "
		    "ask the administrator for postrider.socket",
		    name);
	}
	if (strchr(name, '/') != NULL || name[0] == '.')
		return error_set(err, ERROR_CONFIG,
		    "credential \"systemd:%s\": must be a name, not a path",
		    name);
	path = text_format(err, "%s/%s", directory, name);
	if (path != NULL)
		result = value_read_file(credential, path, err);
	free(path);
	return result;
}

static int
value_read_file(struct credential *credential, const char *path,
    struct error *err)
{
	struct secret *secret = credential->secret;
	int fd = file_open_protected(path, FILE_SECRET, ERROR_AUTH, err);
	int result;

	if (fd == -1 && err->sys_errno == EACCES)
		return error_hint(err,
		    "it belongs to another user; add an account of your own "
		    "with \"postrider login\", or ask the administrator for "
		    "postrider.socket");
	if (fd == -1)
		return -1;
	result = secret_read(secret, fd, credential->request.deadline_ms, err);
	close(fd);
	if (result == -1) {
		struct error cause = *err;

		return error_set(err, cause.code, "%s: %s", path,
		    cause.message);
	}
	secret_cut_line(secret);
	if (secret_len(secret) > 0)
		return 0;
	return error_set(err, ERROR_AUTH, "%s: the first line is empty", path);
}
