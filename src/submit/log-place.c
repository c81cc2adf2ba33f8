/* SPDX-License-Identifier: MIT */
/*
 * Writes lines to the log file and the system log, and waits for neither
 * longer than a second.
 */
#include "submit/log-place.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "base/background.h"
#include "base/buf.h"
#include "base/clock.h"

enum {
	FILE_LINE_MAX = 65536 + 64,
	READER_MS = 1000 /* for what reads the log */
};

/* A line for the system log; it belongs to its thread. */
struct system_entry {
	int priority;
	char *text;
};

static int write_to_system(int priority, const char *text, struct error *err);
static void system_entry_write(void *argument);
static void system_entry_free(void *argument);
static int append_to_file(const char *path, const char *text,
    struct error *err);
static int append_line(int fd, const struct buf *line);
static bool await_reader(int fd, int64_t deadline_ms);
static int log_failed(const char *path, enum error_code code,
    struct error *err);
static void remove_end(int fd, size_t len);

void
log_place_open(const struct account *account)
{
	if (account_bool(account, SETTING_SYSLOG))
		openlog("postrider", LOG_PID | LOG_NDELAY, LOG_MAIL);
}

int
log_place_write(const struct account *account, int priority, const char *text,
    struct error *err)
{
	const char *path = account->text[SETTING_LOG_FILE];
	struct error system_err;
	int result = 0;

	if (path != NULL)
		result = append_to_file(path, text, err);
	if (account_bool(account, SETTING_SYSLOG) &&
	    write_to_system(priority, text, &system_err) == -1) {
		if (result == 0)
			*err = system_err;
		result = -1;
	}
	return result;
}

/* syslog(3) has no time limit, and a service that hangs fills its socket. */
static int
write_to_system(int priority, const char *text, struct error *err)
{
	static const struct background_job job = {system_entry_write,
	    system_entry_free};
	struct system_entry *entry = calloc(1, sizeof *entry);

	if (entry != NULL)
		entry->text = strdup(text);
	if (entry == NULL || entry->text == NULL) {
		free(entry);
		return error_no_memory(err);
	}
	entry->priority = priority;
	if (background_run(&job, entry, clock_now_ms() + READER_MS, err) == 0) {
		system_entry_free(entry);
		return 0;
	}
	if (err->code != ERROR_TEMPORARY)
		return -1;
	return error_set(err, ERROR_IO, "the system log accepts no entries");
}

static void
system_entry_write(void *argument)
{
	const struct system_entry *entry = argument;

	syslog(entry->priority, "%s", entry->text);
}

static void
system_entry_free(void *argument)
{
	struct system_entry *entry = argument;

	free(entry->text);
	free(entry);
}

/*
 * Appends the line by one write, so that lines of two processes do not mix.
 * Does not wait for a FIFO to be opened for reading. Some file systems report a
 * full disk only when the file is closed.
 */
static int
append_to_file(const char *path, const char *text, struct error *err)
{
	char stamp[32];
	time_t now = time(NULL);
	struct tm local;
	struct buf line;
	int result = -1;
	int fd = open(path,
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
	    0600);

	if (fd == -1)
		return log_failed(path, ERROR_CREATE, err);
	localtime_r(&now, &local);
	strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S%z", &local);
	buf_init(&line, FILE_LINE_MAX);
	if (buf_addf(&line, err, "%s %s\n", stamp, text) == 0) {
		result = append_line(fd, &line);
		if (result == -1)
			log_failed(path, ERROR_IO, err);
	}
	if (close(fd) == -1 && errno != EINTR && result == 0)
		result = error_set_errno(err, ERROR_IO, "%s", path);
	buf_done(&line);
	return result;
}

/* A line that can't be written to its end leaves nothing in the file. */
static int
append_line(int fd, const struct buf *line)
{
	int64_t deadline_ms = clock_now_ms() + READER_MS;
	size_t done = 0;
	int saved;

	while (done < line->len) {
		ssize_t put = write(fd, line->data + done, line->len - done);

		if (put == -1 &&
		    (errno == EINTR || await_reader(fd, deadline_ms)))
			continue;
		if (put == -1)
			break;
		done += (size_t)put;
	}
	if (done == line->len)
		return 0;
	saved = errno;
	if (done > 0)
		remove_end(fd, done);
	errno = saved;
	return -1;
}

/* Waits after EAGAIN until a FIFO or a terminal has room. Returns false at the
 * deadline, and after any other error. */
static bool
await_reader(int fd, int64_t deadline_ms)
{
	struct pollfd ready = {.fd = fd, .events = POLLOUT};

	return errno == EAGAIN &&
	    poll(&ready, 1, clock_left_ms(deadline_ms)) == 1;
}

static int
log_failed(const char *path, enum error_code code, struct error *err)
{
	int failure = errno;

	error_set_errno(err, code, "%s", path);
	if (failure == ENXIO)
		error_set(err, code, "%s: no program reads from it", path);
	else if (failure == EAGAIN)
		error_set(err, code,
		    "%s: the program that reads from it is stuck", path);
	else
		return -1;
	return error_hint(err,
	    "start that program again, or log to a regular file");
}

/* Removes the last bytes that were written, unless another process has
 * appended since. What can't be removed remains. */
static void
remove_end(int fd, size_t len)
{
	off_t end = lseek(fd, 0, SEEK_CUR);
	struct stat status;

	if (fstat(fd, &status) == -1 || status.st_size != end ||
	    ftruncate(fd, end - (off_t)len) == -1)
		return;
}
