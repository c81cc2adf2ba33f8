/* SPDX-License-Identifier: MIT */
/*
 * Finds the sockets of held sessions. What is in the directory was made by this
 * user, or it is not used.
 */
#include "submit/hold-place.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/listing.h"
#include "base/paths.h"
#include "base/peer-user.h"
#include "base/text.h"
#include "smtp/connect-unix.h"
#include "spool/process.h"

enum {
	NAME_LEN = 32, /* of the digest: 128 bits */
	PATH_SIZE = 4096,
	NUMBER_SIZE = 24,
	LEFTOVER_AGE_S = 86400
};

static const char lock_ending[] = ".lock";

static char *place_path(struct error *err);
static int place_check(const struct hold_place *place, struct error *err);
static void place_file(const struct hold_place *place, const char *ending,
    char path[PATH_SIZE]);
static void place_socket(const struct hold_place *place, char path[PATH_SIZE]);
static void place_clean_file(const struct hold_place *place, const char *name);
static bool place_stop(const struct hold_place *place, const char *name);
static pid_t place_holder(int fd);

int
hold_place_open(struct hold_place *place, bool may_create, struct error *err)
{
	char inside[PATH_SIZE];

	*place = (struct hold_place){.directory = -1};
	place->path = place_path(err);
	if (place->path == NULL)
		return -1;
	snprintf(inside, sizeof inside, "%s/", place->path);
	if (may_create && file_make_directories(inside, err) == -1)
		return -1;
	place->directory =
	    open(place->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (place->directory == -1 && errno == ENOENT && !may_create)
		return 0;
	if (place->directory == -1)
		return error_set_errno(err, ERROR_CREATE, "%s", place->path);
	return place_check(place, err);
}

int
hold_place_name(struct hold_place *place, const struct route *route,
    struct error *err)
{
	if (hold_digest(route, place->name, err) == -1)
		return -1;
	place->name[NAME_LEN] = '\0';
	return 0;
}

void
hold_place_done(struct hold_place *place)
{
	if (place->directory != -1)
		close(place->directory);
	free(place->path);
	*place = (struct hold_place){.directory = -1};
}

int
hold_place_connect(const struct hold_place *place, int64_t deadline_ms,
    struct error *err)
{
	const struct transcript none = {.line = NULL};
	char path[PATH_SIZE];
	int fd;

	place_socket(place, path);
	fd = connect_to_unix(path, deadline_ms, &none, err);
	if (fd == -1 || hold_place_is_own(fd))
		return fd;
	close(fd);
	return error_set(err, ERROR_SECURITY,
	    "%s: another user's process listens", path);
}

int
hold_place_listen(const struct hold_place *place, struct error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char path[PATH_SIZE];
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return error_set_errno(err, ERROR_SYSTEM, "socket");
	place_socket(place, path);
	hold_place_leave(place);
	snprintf(address.sun_path, sizeof address.sun_path, "%.*s",
	    (int)sizeof address.sun_path - 1, path);
	if (bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
	    chmod(path, 0600) == 0 && listen(fd, SOMAXCONN) == 0)
		return fd;
	error_set_errno(err, ERROR_CREATE, "%s", path);
	close(fd);
	return -1;
}

void
hold_place_leave(const struct hold_place *place)
{
	unlinkat(place->directory, place->name, 0);
}

int
hold_place_lock(const struct hold_place *place, const char *ending,
    int64_t deadline_ms, struct error *err)
{
	char path[PATH_SIZE];

	place_file(place, ending, path);
	return file_lock(path, deadline_ms, err);
}

bool
hold_place_is_own(int fd)
{
	uid_t user;

	return peer_user(fd, &user) && user == geteuid();
}

int
hold_place_stop_all(unsigned *ret_count, struct error *err)
{
	struct hold_place place;
	int result = hold_place_open(&place, false, err);
	DIR *list = result == 0 && place.directory != -1
	    ? listing_open(place.directory)
	    : NULL;
	const struct dirent *entry;

	*ret_count = 0;
	while (list != NULL && (entry = readdir(list)) != NULL)
		*ret_count += place_stop(&place, entry->d_name);
	if (list != NULL)
		closedir(list);
	hold_place_done(&place);
	return result;
}

void
hold_place_clean(const struct hold_place *place)
{
	DIR *list = listing_open(place->directory);
	const struct dirent *entry;

	while (list != NULL && (entry = readdir(list)) != NULL)
		place_clean_file(place, entry->d_name);
	if (list != NULL)
		closedir(list);
}

static char *
place_path(struct error *err)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	if (runtime == NULL || *runtime != '/')
		return paths_state("hold", err);
	return text_format(err, "%s/postrider", runtime);
}

static int
place_check(const struct hold_place *place, struct error *err)
{
	struct stat status;

	if (fstat(place->directory, &status) == -1)
		return error_set_errno(err, ERROR_CREATE, "%s", place->path);
	if (status.st_uid == geteuid() && (status.st_mode & 077) == 0)
		return 0;
	error_set(err, ERROR_CREATE,
	    "%s: other users have access to this directory, so that no "
	    "session is held",
	    place->path);
	return error_hint(err, "make it your own: chmod 700 %s", place->path);
}

static void
place_file(const struct hold_place *place, const char *ending,
    char path[PATH_SIZE])
{
	snprintf(path, PATH_SIZE, "%s/%s%s", place->path, place->name, ending);
}

/* The name of a socket is limited; Linux has another one for a directory. */
static void
place_socket(const struct hold_place *place, char path[PATH_SIZE])
{
	struct sockaddr_un address;

	place_file(place, "", path);
	if (strlen(path) >= sizeof address.sun_path)
		snprintf(path, PATH_SIZE, "/proc/self/fd/%d/%s",
		    place->directory, place->name);
}

/* A lock, or what is beside it, that no process has touched for long. */
static void
place_clean_file(const struct hold_place *place, const char *name)
{
	struct stat status;
	int fd;

	if (fstatat(place->directory, name, &status, AT_SYMLINK_NOFOLLOW) ==
		-1 ||
	    !S_ISREG(status.st_mode) || strlen(name) <= NAME_LEN ||
	    time(NULL) - status.st_mtime < LEFTOVER_AGE_S)
		return;
	fd = openat(place->directory, name,
	    O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd == -1)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlinkat(place->directory, name, 0);
	close(fd);
}

/* Returns whether the file is the lock of processes, which then end. If the one
 * whose number it has was killed, those that it has started still have the
 * lock, and end by themselves. */
static bool
place_stop(const struct hold_place *place, const char *name)
{
	size_t len = strlen(name);
	bool is_held;
	pid_t pid = -1;
	int fd;

	if (len != NAME_LEN + strlen(lock_ending) ||
	    strcmp(name + NAME_LEN, lock_ending) != 0)
		return false;
	fd = openat(place->directory, name,
	    O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd == -1)
		return false;
	is_held = flock(fd, LOCK_EX | LOCK_NB) == -1;
	if (is_held)
		pid = place_holder(fd);
	close(fd);
	if (pid > 1 && spool_process_is_ours(pid))
		kill(pid, SIGTERM);
	return is_held;
}

static pid_t
place_holder(int fd)
{
	char text[NUMBER_SIZE];
	ssize_t len = pread(fd, text, sizeof text - 1, 0);
	unsigned long number = 0;

	if (len < 1)
		return -1;
	text[len] = '\0';
	if (text_number(text_trim(text), INT32_MAX, &number) == -1)
		return -1;
	return (pid_t)number;
}
