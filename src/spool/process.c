/* SPDX-License-Identifier: MIT */
/*
 * Locks the files of the processes of the queue, and ends those processes.
 */
#include "spool/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "spool/failure.h"
#include "spool/file.h"
#include "spool/lock.h"
#include "spool/machine.h"

enum {
	TEXT_SIZE = 256
};

static int check_machine(const struct spool *spool, const char *file, int fd,
    struct error *err);
static int spool_process_sign(const struct spool *spool, const char *file,
    int fd, const char *purpose, struct error *err);
static int spool_process_write(int fd, const char *purpose);
static void spool_process_parse(char *text, struct spool_process *process);
static bool is_process_file(const char *name);

int
spool_process_lock(const struct spool *spool, const char *file,
    const char *purpose, struct error *err)
{
	int fd = openat(spool->directory, file,
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd == -1) {
		error_set_errno(err, ERROR_CREATE, "queue %s/%s", spool->path,
		    file);
		return spool_failed_hint(err);
	}
	if (lock_file(fd) == 0) {
		if (check_machine(spool, file, fd, err) == 0 &&
		    spool_process_sign(spool, file, fd, purpose, err) == 0)
			return fd;
		close(fd);
		return -1;
	}
	if (errno == EAGAIN || errno == EACCES)
		error_set(err, ERROR_TEMPORARY,
		    "another process is sending the queue");
	else {
		error_set_errno(err, ERROR_CREATE, "queue %s: cannot lock",
		    spool->path);
		spool_failed_hint(err);
	}
	close(fd);
	return -1;
}

void
spool_process_unlock(int lock)
{
	if (lock == -1)
		return;
	spool_process_write(lock, NULL);
	lock_release(lock);
	close(lock);
}

bool
spool_process_find(const struct spool *spool, const char *file,
    struct spool_process *ret_process)
{
	char text[TEXT_SIZE] = "";
	int fd = openat(spool->directory, file,
	    O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	bool is_held = fd != -1 && lock_is_held(fd);

	*ret_process = (struct spool_process){.pid = 0};
	if (is_held && pread(fd, text, sizeof text - 1, 0) > 0)
		spool_process_parse(text, ret_process);
	if (fd != -1)
		close(fd);
	return is_held;
}

bool
spool_process_is_background(const struct spool_process *process)
{
	return strcmp(process->purpose, SPOOL_BACKGROUND) == 0;
}

/* A process that was killed leaves its number, which may be that of another
 * program now; or its status was not asked for yet. Where there is no /proc,
 * that is not noticed. */
bool
spool_process_is_ours(pid_t pid)
{
	static const char ours[] = " (postrider-queue) ";
	char path[TEXT_SIZE];
	char text[TEXT_SIZE] = "";
	const char *name;
	ssize_t len;
	int fd;

	if (kill(pid, 0) == -1)
		return false;
	snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT && access("/proc/self/stat", F_OK) == -1;
	len = read(fd, text, sizeof text - 1);
	close(fd);
	name = len > 0 ? strstr(text, ours) : NULL;
	return name != NULL && name[sizeof ours - 1] != 'Z';
}

void
spool_process_end(const struct spool_process *process)
{
	if (process->pid != 0)
		kill(process->pid, SIGTERM);
}

int
spool_process_visit(const struct spool *spool,
    bool (*visit)(void *context, const struct spool_process *process),
    void *context, struct error *err)
{
	struct spool_process process;
	struct dirent *entry;
	bool goes_on = true;
	DIR *listing;

	if (spool->directory == -1)
		return 0;
	listing = spool_open_listing(spool, err);
	if (listing == NULL)
		return -1;
	while (goes_on && (entry = readdir(listing)) != NULL) {
		if (is_process_file(entry->d_name) &&
		    spool_process_find(spool, entry->d_name, &process))
			goes_on = visit(context, &process);
	}
	closedir(listing);
	return 0;
}

/* The text that another machine has left may mean a lock that is not seen. */
static int
check_machine(const struct spool *spool, const char *file, int fd,
    struct error *err)
{
	char text[TEXT_SIZE] = "";
	char name[MACHINE_NAME_SIZE];
	const char *line;

	if (pread(fd, text, sizeof text - 1, 0) <= 0)
		return 0;
	line = strchr(text, '\n');
	if (line == NULL || !machine_is_other(fd, line + 1, name))
		return 0;
	error_set(err, ERROR_CREATE,
	    "queue %s: the computer %s is sending it, or was and crashed",
	    spool->path, name);
	return error_hint(err, "if no postrider-queue runs there, remove %s/%s",
	    spool->path, file);
}

/* A process that can't be found could not be ended, and others would wait for
 * its lock. */
static int
spool_process_sign(const struct spool *spool, const char *file, int fd,
    const char *purpose, struct error *err)
{
	if (spool_process_write(fd, purpose) == 0)
		return 0;
	error_set_errno(err, ERROR_CREATE, "queue %s/%s", spool->path, file);
	return spool_failed_hint(err);
}

/* Without a purpose the text becomes empty. */
static int
spool_process_write(int fd, const char *purpose)
{
	char text[TEXT_SIZE] = "";
	int len = 0;

	if (purpose != NULL) {
		len = snprintf(text, sizeof text, "%ld %s\n", (long)getpid(),
		    purpose);
		len +=
		    (int)machine_format(text + len, sizeof text - (size_t)len);
	}
	return pwrite(fd, text, (size_t)len, 0) == len &&
		ftruncate(fd, len) == 0
	    ? 0
	    : -1;
}

static void
spool_process_parse(char *text, struct spool_process *process)
{
	char *end;
	long pid = strtol(text, &end, 10);

	if (pid <= 1 || *end != ' ' || !spool_process_is_ours((pid_t)pid))
		return;
	process->pid = (pid_t)pid;
	end[strcspn(end, "\n")] = '\0';
	snprintf(process->purpose, sizeof process->purpose, "%s", end + 1);
}

static bool
is_process_file(const char *name)
{
	size_t len = strlen(name);
	size_t suffix = strlen(SPOOL_PROCESS_SUFFIX);

	return strcmp(name, SPOOL_RUN_FILE) == 0 ||
	    (len > suffix &&
		strcmp(name + len - suffix, SPOOL_PROCESS_SUFFIX) == 0);
}
