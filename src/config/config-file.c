/* SPDX-License-Identifier: MIT */
/*
 * Reads a configuration file, and finds the file that a change is for. Knows
 * nothing of the syntax.
 */
#include "config/config-file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/paths.h"

int
config_file_read(const char *path, struct buf *text, struct stat *ret_status,
    struct error *err)
{
	int fd = file_open_protected(path, FILE_TRUSTED, ERROR_CONFIG, err);
	int result = -1;

	if (fd == -1)
		return -1;
	if (fstat(fd, ret_status) == -1) {
		error_set_errno(err, ERROR_CONFIG, "%s", path);
		goto out;
	}
	if (file_read(fd, text, path, err) == -1) {
		if (err->code == ERROR_DATA)
			err->code = ERROR_CONFIG;
		goto out;
	}
	result = 0;
out:
	close(fd);
	return result;
}

char *
config_file_find(const char *path, struct error *err)
{
	char *user_path = paths_user_config(err);
	const char *found = user_path;

	if (path != NULL)
		found = path;
	else if (user_path != NULL && access(user_path, F_OK) == -1 &&
	    access(paths_system_config(), F_OK) == 0)
		found = paths_system_config();
	if (found != user_path) {
		free(user_path);
		user_path = strdup(found);
		if (user_path == NULL)
			error_no_memory(err);
	}
	return user_path;
}

char *
config_file_target(const char *path, struct error *err)
{
	char *given = path != NULL ? strdup(path) : paths_user_config(err);
	struct stat status;
	char *target;

	if (given == NULL) {
		if (path != NULL)
			error_no_memory(err);
		return NULL;
	}
	if (lstat(given, &status) == -1 || !S_ISLNK(status.st_mode))
		return given;
	target = realpath(given, NULL);
	if (target == NULL)
		error_set_errno(err, ERROR_CREATE, "%s: symbolic link", given);
	free(given);
	return target;
}
