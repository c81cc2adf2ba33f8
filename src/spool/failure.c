/* SPDX-License-Identifier: MIT */
/*
 * Says how to mend what keeps the queue from working.
 */
#include "spool/failure.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/stat.h>

static const char full[] = "make space in the file system of the queue";
static const char no_locks[] = "its file system has no locks; set "
			       "XDG_STATE_HOME to a directory on a local disk";

static const struct {
	int number;
	const char *hint;
} hints[] = {
    {ENOSPC, full},
    {EDQUOT, full},
    {EROFS, "mount the file system of the queue for writing"},
    {ENOLCK, no_locks},
    {EOPNOTSUPP, no_locks},
    {ENOSYS, no_locks},
};

static bool is_link(const struct spool *spool);

int
spool_failed(const struct spool *spool, struct error *err)
{
	bool may_be_link = errno == ELOOP || errno == ENOTDIR;

	error_set_errno(err, ERROR_CREATE, "queue %s", spool->path);
	if (!may_be_link || !is_link(spool))
		return spool_failed_hint(err);
	error_set(err, ERROR_CREATE, "queue %s: it is a symbolic link",
	    spool->path);
	return error_hint(err,
	    "remove the link; to have the queue elsewhere, set XDG_STATE_HOME");
}

int
spool_failed_hint(struct error *err)
{
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
		if (hints[i].number == err->sys_errno)
			return error_hint(err, "%s", hints[i].hint);
	}
	return -1;
}

static bool
is_link(const struct spool *spool)
{
	struct stat status;

	return lstat(spool->path, &status) == 0 && S_ISLNK(status.st_mode);
}
