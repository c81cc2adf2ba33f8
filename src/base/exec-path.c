/* SPDX-License-Identifier: MIT */
/*
 * Finds helper programs by the path of the running program, without following
 * PATH or argv[0], which the caller chooses.
 */
#include "base/exec-path.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif
#ifdef __FreeBSD__
#include <sys/sysctl.h>
#endif

#include "base/process.h"
#include "install-paths.h"

/* The running program. */
struct exec_self {
	char directory[PATH_MAX];
	struct stat status;
};

static bool exec_path_is_near(const char *program, struct buf *path);
static int exec_path_find_self(struct exec_self *self);
static int exec_path_read(char path[PATH_MAX]);
static size_t exec_path_common_len(const char *a, const char *b);
static int exec_path_cut(char *directory, const char *levels);
static bool exec_path_is_usable(const struct exec_self *self,
    const char *directory, const char *program, struct buf *path);
static bool exec_path_is_protected(const struct exec_self *self,
    const struct stat *status);

int
exec_path_find(const char *program, struct buf *path, struct error *err)
{
	const char *directory = getenv("POSTRIDER_EXEC_PATH");

	if (directory == NULL || *directory == '\0') {
		if (!process_is_privileged() &&
		    exec_path_is_near(program, path))
			return 0;
		directory = INSTALL_LIBEXECDIR;
	}
	if (*directory != '/')
		return error_set(err, ERROR_CONFIG,
		    "POSTRIDER_EXEC_PATH: \"%s\" is not an absolute path",
		    directory);
	return buf_addf(path, err, "%s/%s", directory, program);
}

bool
exec_path_is_refused(const char *program, struct buf *path)
{
	struct exec_self self;
	struct error ignored;

	if (exec_path_find_self(&self) == -1 ||
	    exec_path_is_usable(&self, self.directory, program, path) ||
	    buf_addf(path, &ignored, "%s/%s", self.directory, program) == -1)
		return false;
	return access(path->data, X_OK) == 0;
}

/* Beside the running program, else where "make install" puts it: from bin,
 * that is often ../libexec/postrider. */
static bool
exec_path_is_near(const char *program, struct buf *path)
{
	size_t common =
	    exec_path_common_len(INSTALL_BINDIR, INSTALL_LIBEXECDIR);
	struct exec_self self;
	char directory[2 * PATH_MAX];

	if (exec_path_find_self(&self) == -1)
		return false;
	if (exec_path_is_usable(&self, self.directory, program, path))
		return true;
	memcpy(directory, self.directory, sizeof self.directory);
	if (exec_path_cut(directory, &INSTALL_BINDIR[common]) == -1)
		return false;
	strncat(directory, &INSTALL_LIBEXECDIR[common],
	    sizeof directory - strlen(directory) - 1);
	return exec_path_is_usable(&self, directory, program, path);
}

static int
exec_path_find_self(struct exec_self *self)
{
	char path[PATH_MAX];
	char *slash;

	if (exec_path_read(path) == -1 ||
	    realpath(path, self->directory) == NULL ||
	    stat(self->directory, &self->status) == -1)
		return -1;
	slash = strrchr(self->directory, '/');
	if (slash == NULL)
		return -1;
	*slash = '\0';
	return 0;
}

/* Reads the path of the running program, which may be a symbolic link. */
static int
exec_path_read(char path[PATH_MAX])
{
#if defined(__APPLE__)
	uint32_t size = PATH_MAX;

	return _NSGetExecutablePath(path, &size);
#elif defined(__FreeBSD__)
	int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PATHNAME, -1};
	size_t size = PATH_MAX;

	return sysctl(name, 4, path, &size, NULL, 0);
#else
#ifdef __linux__
	static const char link[] = "/proc/self/exe";
#else
	static const char link[] = "/proc/curproc/exe";
#endif
	ssize_t len = readlink(link, path, PATH_MAX - 1);

	if (len == -1)
		return -1;
	path[len] = '\0';
	return 0;
#endif
}

/* Returns the length of the directories that both paths begin with, without
 * the slash after them. */
static size_t
exec_path_common_len(const char *a, const char *b)
{
	size_t common = 0;
	size_t i = 0;

	for (; a[i] != '\0' && a[i] == b[i]; i++) {
		if (a[i] == '/')
			common = i;
	}
	return (a[i] == '\0' && b[i] == '/') || (b[i] == '\0' && a[i] == '/')
	    ? i
	    : common;
}

/* Removes as many directories from the end as levels has. */
static int
exec_path_cut(char *directory, const char *levels)
{
	for (; *levels != '\0'; levels++) {
		char *slash = strrchr(directory, '/');

		if (*levels != '/')
			continue;
		if (slash == NULL)
			return -1;
		*slash = '\0';
	}
	return 0;
}

/* Adds the path if the file can be trusted. */
static bool
exec_path_is_usable(const struct exec_self *self, const char *directory,
    const char *program, struct buf *path)
{
	struct stat status;
	struct error ignored;

	buf_clear(path);
	if (stat(directory, &status) == 0 &&
	    exec_path_is_protected(self, &status) &&
	    buf_addf(path, &ignored, "%s/%s", directory, program) == 0 &&
	    stat(path->data, &status) == 0 && S_ISREG(status.st_mode) &&
	    status.st_uid == self->status.st_uid &&
	    exec_path_is_protected(self, &status) &&
	    access(path->data, X_OK) == 0)
		return true;
	buf_clear(path);
	return false;
}

/* A group may write to it only if it may write to the running program too, as
 * in a build tree with the umask 002. */
static bool
exec_path_is_protected(const struct exec_self *self, const struct stat *status)
{
	const struct stat *own = &self->status;
	bool is_shared =
	    (own->st_mode & S_IWGRP) != 0 && own->st_gid == status->st_gid;
	mode_t forbidden = S_IWOTH | (is_shared ? 0 : S_IWGRP);

	return (status->st_uid == own->st_uid || status->st_uid == 0) &&
	    (status->st_mode & forbidden) == 0;
}
