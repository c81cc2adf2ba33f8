/* SPDX-License-Identifier: MIT */
/*
 * Reads a credential from an environment variable, from a file, or from a
 * credential of a systemd service. Runs no program.
 */
#include "credential/source.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

static int value_read_line(struct credential *credential, int fd,
    const char *path, struct error *err);
static int value_expand_home(const char *path, struct buf *expanded,
    struct error *err);

/* Removes the variable, so that no program started later inherits it. */
int
credential_variable_start(struct credential *credential, struct error *err)
{
	const char *value = getenv(credential->argument);
	int result = 0;

	if (value != NULL)
		result =
		    secret_add(credential->secret, value, strlen(value), err);
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
	struct buf path;
	int result = -1;
	int fd = -1;

	buf_init(&path, SECRET_MAX);
	if (value_expand_home(credential->argument, &path, err) == -1)
		goto out;
	fd = file_open_protected(path.data, FILE_SECRET, ERROR_AUTH, err);
	if (fd == -1)
		goto out;
	result = value_read_line(credential, fd, path.data, err);
out:
	if (fd != -1)
		close(fd);
	buf_done(&path);
	return result;
}

/* See systemd.exec(5), "CREDENTIALS". */
int
credential_systemd_await(struct credential *credential, struct error *err)
{
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	const char *name = credential->argument;
	struct buf path;
	int result = -1;
	int fd = -1;

	if (directory == NULL || *directory == '\0') {
		error_set(err, ERROR_AUTH,
		    "no credential \"%s\" from systemd: CREDENTIALS_DIRECTORY "
		    "is not set",
		    name);
		return error_hint(err,
		    "the unit needs LoadCredential=%s:PATH or "
		    "LoadCredentialEncrypted=%s:PATH",
		    name, name);
	}
	if (strchr(name, '/') != NULL || name[0] == '.')
		return error_set(err, ERROR_CONFIG,
		    "credential \"systemd:%s\": must be a name, not a path",
		    name);
	buf_init(&path, SECRET_MAX);
	if (buf_addf(&path, err, "%s/%s", directory, name) == -1)
		goto out;
	fd = file_open_protected(path.data, FILE_SECRET, ERROR_AUTH, err);
	if (fd != -1)
		result = value_read_line(credential, fd, path.data, err);
out:
	if (fd != -1)
		close(fd);
	buf_done(&path);
	return result;
}

static int
value_read_line(struct credential *credential, int fd, const char *path,
    struct error *err)
{
	struct secret *secret = credential->secret;

	if (secret_read(secret, fd, credential->request.deadline_ms, err) ==
	    -1) {
		struct error cause = *err;

		return error_set(err, cause.code, "%s: %s", path,
		    cause.message);
	}
	secret_cut_line(secret);
	if (secret_len(secret) > 0)
		return 0;
	return error_set(err, ERROR_AUTH, "%s: the first line is empty", path);
}

static int
value_expand_home(const char *path, struct buf *expanded, struct error *err)
{
	const char *home = getenv("HOME");
	const struct passwd *user;

	if (strncmp(path, "~/", 2) != 0)
		return buf_add_text(expanded, path, err);
	if (home == NULL || *home == '\0') {
		user = getpwuid(getuid());
		home = user != NULL ? user->pw_dir : NULL;
	}
	if (home == NULL)
		return error_set(err, ERROR_CONFIG,
		    "%s: HOME is not set, and the user has no home directory",
		    path);
	return buf_addf(expanded, err, "%s%s", home, path + 1);
}
