/* SPDX-License-Identifier: MIT */
/*
 * Removes messages without a state, and states without a message.
 */
#include "spool/leftovers.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "spool/file.h"

enum {
	LEFTOVER_AGE_S = 3600 /* adding a message does not take so long */
};

static void remove_message(const struct spool *spool, const char *name,
    const char *id);
static void unlink_file(const struct spool *spool, const char *id,
    const char *suffix);

void
spool_remove_leftovers(const struct spool *spool)
{
	char id[SPOOL_ID_SIZE];
	struct error ignored;
	struct dirent *entry;
	DIR *listing = spool_open_listing(spool, &ignored);

	if (listing == NULL)
		return;
	while ((entry = readdir(listing)) != NULL) {
		if (spool_file_parse(entry->d_name, ".message", id))
			remove_message(spool, entry->d_name, id);
		/* A state is written only while there is a message. */
		else if (spool_file_parse(entry->d_name, ".new", id) &&
		    !spool_file_exists(spool, id, ".message"))
			unlink_file(spool, id, ".new");
	}
	closedir(listing);
}

/* A message without a state was never accepted, or is gone: but it may be in
 * the making. */
static void
remove_message(const struct spool *spool, const char *name, const char *id)
{
	struct stat status;
	struct error ignored;
	int fd;

	if (fstatat(spool->directory, name, &status, AT_SYMLINK_NOFOLLOW) ==
		-1 ||
	    time(NULL) - status.st_mtime < LEFTOVER_AGE_S)
		return;
	fd = spool_lock(spool, id, &ignored);
	if (fd == -1)
		return;
	if (!spool_file_exists(spool, id, ".state")) {
		unlink_file(spool, id, ".new");
		unlink_file(spool, id, ".message");
	}
	spool_unlock(fd);
}

static void
unlink_file(const struct spool *spool, const char *id, const char *suffix)
{
	char name[SPOOL_NAME_SIZE];

	spool_file_name(name, id, suffix);
	unlinkat(spool->directory, name, 0);
}
