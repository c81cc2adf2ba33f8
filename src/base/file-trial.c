/* SPDX-License-Identifier: MIT */
/*
 * Tries whether files can be created in a directory. access(2) would not do: it
 * grants everything to root, also where the system does not.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

static const char trial_name[] = "/.postrider-XXXXXX";

static void file_find_existing(struct buf *path);

int
file_try_directory(const char *directory, struct error *err)
{
	struct buf path;
	int result = -1;

	buf_init(&path, PATH_MAX);
	if (buf_add_text(&path, directory, err) == -1)
		goto out;
	file_find_existing(&path);
	if (buf_add_text(&path, trial_name, err) == -1)
		goto out;
	if (mkdtemp(path.data) != NULL && rmdir(path.data) == 0)
		result = 0;
	else
		error_set_errno(err, ERROR_CREATE, "cannot write to %.*s",
		    (int)(path.len - strlen(trial_name)), path.data);
out:
	buf_done(&path);
	return result;
}

/* Shortens the path to the nearest parent that exists. */
static void
file_find_existing(struct buf *path)
{
	while (path->len > 1 && access(path->data, F_OK) == -1 &&
	    errno == ENOENT) {
		char *slash = strrchr(path->data, '/');

		if (slash == NULL)
			break;
		path->len =
		    slash == path->data ? 1 : (size_t)(slash - path->data);
		path->data[path->len] = '\0';
	}
}
