/* SPDX-License-Identifier: MIT */
/*
 * Replaces files: the new content is written to a temporary file beside the old
 * one, which is then renamed.
 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	RANDOM_LEN = 6,
	LEFTOVER_AGE_S = 600 /* no replacement takes so long */
};

static int replace_file(const char *path, const void *bytes, size_t len,
    mode_t mode, const struct stat *old, struct error *err);
static int keep_owner(int fd, const struct stat *old);
static int write_temporary(int fd, const void *bytes, size_t len, mode_t mode);
static void sync_directory(const char *path);
static char *directory_of(const char *path);
static bool is_leftover(const char *entry, const char *name);
static bool is_old(int directory, const char *entry, int age_s);

int
file_replace(const char *path, const void *bytes, size_t len, mode_t mode,
    struct error *err)
{
	return replace_file(path, bytes, len, mode, NULL, err);
}

int
file_replace_like(const char *path, const void *bytes, size_t len,
    const struct stat *old, struct error *err)
{
	return replace_file(path, bytes, len, old->st_mode & 07777, old, err);
}

void
file_remove_leftovers(const char *path, int age_s)
{
	const char *slash = strrchr(path, '/');
	char *directory = directory_of(path);
	DIR *entries = directory != NULL ? opendir(directory) : NULL;
	struct dirent *entry;

	free(directory);
	if (entries == NULL)
		return;
	while ((entry = readdir(entries)) != NULL) {
		if (is_leftover(entry->d_name,
			slash == NULL ? path : slash + 1) &&
		    is_old(dirfd(entries), entry->d_name, age_s))
			unlinkat(dirfd(entries), entry->d_name, 0);
	}
	closedir(entries);
}

/* old: whose owner and group the file gets, or NULL. */
static int
replace_file(const char *path, const void *bytes, size_t len, mode_t mode,
    const struct stat *old, struct error *err)
{
	struct buf name;
	int result = -1;
	int fd = -1;

	file_remove_leftovers(path, LEFTOVER_AGE_S);
	buf_init(&name, PATH_MAX);
	if (buf_addf(&name, err, "%s~XXXXXX", path) == -1)
		goto out;
	fd = mkostemp(name.data, O_CLOEXEC);
	if (fd == -1) {
		error_set_errno(err, ERROR_CREATE, "%s", path);
		goto out;
	}
	if (keep_owner(fd, old) == -1 ||
	    write_temporary(fd, bytes, len, mode) == -1 ||
	    rename(name.data, path) == -1) {
		error_set_errno(err, ERROR_CREATE, "%s", path);
		unlink(name.data);
		goto out;
	}
	sync_directory(path);
	result = 0;
out:
	if (fd != -1)
		close(fd);
	buf_done(&name);
	return result;
}

static int
keep_owner(int fd, const struct stat *old)
{
	struct stat status;

	if (old == NULL)
		return 0;
	if (fstat(fd, &status) == -1)
		return -1;
	return status.st_uid == old->st_uid && status.st_gid == old->st_gid
	    ? 0
	    : fchown(fd, old->st_uid, old->st_gid);
}

static int
write_temporary(int fd, const void *bytes, size_t len, mode_t mode)
{
	struct error err;

	if (fchmod(fd, mode) == -1)
		return -1;
	if (file_write(fd, bytes, len, &err) == -1) {
		errno = err.sys_errno;
		return -1;
	}
	return fsync(fd);
}

/*
 * Writes the new name to disk. Failure is ignored (the directory may not be
 * readable): the file has been replaced in any case.
 */
static void
sync_directory(const char *path)
{
	char *directory = directory_of(path);
	int fd;

	if (directory == NULL)
		return;
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(directory);
	if (fd == -1)
		return;
	fsync(fd);
	close(fd);
}

/* The caller frees. NULL without memory. */
static char *
directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 1 : (size_t)(slash - path) + 1;

	return strndup(slash == NULL ? "." : path, len);
}

static bool
is_leftover(const char *entry, const char *name)
{
	size_t len = strlen(name);

	return strncmp(entry, name, len) == 0 && entry[len] == '~' &&
	    strlen(entry + len + 1) == RANDOM_LEN;
}

/* time(2) can be a tick earlier than the time of a new file. */
static bool
is_old(int directory, const char *entry, int age_s)
{
	struct stat status;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return fstatat(directory, entry, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(status.st_mode) && now.tv_sec - status.st_mtime >= age_s;
}
