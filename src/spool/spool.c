/* SPDX-License-Identifier: MIT */
/*
 * Opens the directory, adds, replaces and removes. The order of the system
 * calls is what makes it safe: a file is on disk before its name is, and the
 * name of the state is the last of a message to come and the first to go.
 */
#include "spool/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/paths.h"
#include "base/text.h"
#include "spool/entry-file.h"
#include "spool/failure.h"
#include "spool/file.h"
#include "spool/lock.h"

enum {
	PIECE_SIZE = 65536,
	ID_TRIES = 16
};

static int create_directory(const char *path, struct error *err);
static int check_home(const char *path, struct error *err);
static int check_directory(const struct spool *spool, bool may_create,
    struct error *err);
static int sync_new_directory(const struct spool *spool, struct error *err);
static int create_message(const struct spool *spool, struct spool_entry *entry,
    struct error *err);
static int write_message(const struct spool *spool, int fd, spool_reader *read,
    void *context, struct error *err);
static void discard(const struct spool *spool, const char *id);

int
spool_open(struct spool *spool, bool may_create, struct error *err)
{
	*spool = (struct spool){.directory = -1};
	spool->path = paths_state("queue", err);
	if (spool->path == NULL ||
	    (may_create && create_directory(spool->path, err) == -1))
		return -1;
	spool->directory =
	    open(spool->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (spool->directory == -1 && errno == ENOENT && !may_create)
		return 0;
	if (spool->directory == -1)
		return spool_failed(spool, err);
	return check_directory(spool, may_create, err);
}

void
spool_close(struct spool *spool)
{
	if (spool->directory != -1)
		close(spool->directory);
	free(spool->path);
	*spool = (struct spool){.directory = -1};
}

int
spool_add(const struct spool *spool, struct spool_entry *entry,
    spool_reader *read, void *context, struct error *err)
{
	int fd = create_message(spool, entry, err);
	int result = -1;

	if (fd == -1)
		return -1;
	if (write_message(spool, fd, read, context, err) == 0)
		result = spool_save(spool, entry, err);
	if (result == -1)
		discard(spool, entry->id);
	close(fd);
	return result;
}

int
spool_save(const struct spool *spool, const struct spool_entry *entry,
    struct error *err)
{
	char temporary[SPOOL_NAME_SIZE];
	char name[SPOOL_NAME_SIZE];
	struct buf text;
	int result = -1;

	spool_file_name(temporary, entry->id, ".new");
	spool_file_name(name, entry->id, ".state");
	buf_init(&text, SPOOL_STATE_MAX);
	if (spool_entry_format(entry, &text, err) == 0)
		result = spool_file_replace(spool, name, temporary, &text, err);
	buf_done(&text);
	return result;
}

int
spool_remove(const struct spool *spool, const char *id, struct error *err)
{
	char name[SPOOL_NAME_SIZE];

	spool_file_name(name, id, ".state");
	if (unlinkat(spool->directory, name, 0) == -1 ||
	    fsync(spool->directory) == -1)
		return spool_failed(spool, err);
	spool_file_name(name, id, ".message");
	unlinkat(spool->directory, name, 0); /* else the next run does */
	return 0;
}

/* The sticky bit marks a directory that may not be on disk yet. */
static int
create_directory(const char *path, struct error *err)
{
	if (check_home(path, err) == -1 ||
	    file_make_directories(path, err) == -1)
		return -1;
	if (mkdir(path, S_ISVTX | 0700) == -1 && errno != EEXIST)
		return error_set_errno(err, ERROR_CREATE, "%s", path);
	return 0;
}

/* A home directory that does not exist is not created: daemons have
 * "/nonexistent". */
static int
check_home(const char *path, struct error *err)
{
	char *home = paths_home(err);
	int result = 0;

	if (home == NULL)
		return 0; /* nor is path in it */
	if (text_has_prefix(path, home) && access(home, F_OK) == -1)
		result = error_set_errno(err, ERROR_CREATE, "%s", home);
	free(home);
	return result;
}

static int
check_directory(const struct spool *spool, bool may_create, struct error *err)
{
	struct stat status;

	if (fstat(spool->directory, &status) == -1)
		return spool_failed(spool, err);
	if (status.st_uid != geteuid())
		return error_set(err, ERROR_CREATE,
		    "%s: the queue belongs to user %lu", spool->path,
		    (unsigned long)status.st_uid);
	if ((status.st_mode & 077) != 0) {
		error_set(err, ERROR_CREATE,
		    "%s: other users can enter the queue", spool->path);
		return error_hint(err, "run chmod 700 %s", spool->path);
	}
	return may_create && (status.st_mode & S_ISVTX) != 0
	    ? sync_new_directory(spool, err)
	    : 0;
}

/* With the directories above, which may be new, too. The process that created
 * them may have been killed before it did this. */
static int
sync_new_directory(const struct spool *spool, struct error *err)
{
#ifdef __linux__
	if (syncfs(spool->directory) == -1)
		return spool_failed(spool, err);
#else
	sync();
#endif
	return fchmod(spool->directory, 0700) == 0 ? 0
						   : spool_failed(spool, err);
}

/* Returns a descriptor that has the lock. */
static int
create_message(const struct spool *spool, struct spool_entry *entry,
    struct error *err)
{
	char name[SPOOL_NAME_SIZE];
	int fd = -1;

	for (int i = 0; fd == -1 && i < ID_TRIES; i++) {
		spool_id_make(entry->id);
		spool_file_name(name, entry->id, ".message");
		fd = openat(spool->directory, name,
		    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd == -1 && errno != EEXIST)
			break;
	}
	if (fd == -1)
		return spool_failed(spool, err);
	if (lock_file(fd) == 0 && lock_is_named(fd))
		return fd;
	spool_failed(spool, err);
	close(fd);
	unlinkat(spool->directory, name, 0);
	return -1;
}

static int
write_message(const struct spool *spool, int fd, spool_reader *read,
    void *context, struct error *err)
{
	char piece[PIECE_SIZE];
	long len;

	while ((len = read(context, piece, sizeof piece, err)) > 0) {
		if (file_write(fd, piece, (size_t)len, err) == -1) {
			errno = err->sys_errno;
			return spool_failed(spool, err);
		}
	}
	if (len == -1)
		return -1;
	return fsync(fd) == 0 ? 0 : spool_failed(spool, err);
}

/* Of a message that was not accepted. */
static void
discard(const struct spool *spool, const char *id)
{
	char name[SPOOL_NAME_SIZE];

	spool_file_name(name, id, ".state");
	if (unlinkat(spool->directory, name, 0) == 0)
		fsync(spool->directory);
	spool_file_name(name, id, ".message");
	unlinkat(spool->directory, name, 0);
}
