/* SPDX-License-Identifier: MIT */
/*
 * Lists, reads and locks messages.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "spool/entry-file.h"
#include "spool/failure.h"
#include "spool/file.h"
#include "spool/leftovers.h"
#include "spool/lock.h"
#include "spool/process.h"
#include "spool/spool.h"

enum {
	STATE_PIECE_SIZE = 16384
};

static int add_id(struct spool_ids *ids, const char *id, struct error *err);
static int compare_ids(const void *a, const void *b);
static int open_file(const struct spool *spool, const char *id,
    const char *suffix, int flags, struct error *err);
static int check_file(int fd, const char *name, struct error *err);
static int not_regular(const char *name, struct error *err);
static int not_found(const struct spool *spool, const char *id,
    struct error *err);
static int read_state(int fd, struct buf *text, const char *name,
    struct error *err);

int
spool_list(const struct spool *spool, struct spool_ids *ids, struct error *err)
{
	char id[SPOOL_ID_SIZE];
	struct dirent *entry;
	DIR *listing;
	int result = 0;

	*ids = (struct spool_ids){.count = 0};
	if (spool->directory == -1)
		return 0;
	listing = spool_open_listing(spool, err);
	if (listing == NULL)
		return -1;
	while (result == 0 && (errno = 0, entry = readdir(listing)) != NULL) {
		if (spool_file_parse(entry->d_name, ".state", id))
			result = add_id(ids, id, err);
	}
	if (result == 0 && errno != 0)
		result =
		    error_set_errno(err, ERROR_IO, "queue %s", spool->path);
	closedir(listing);
	if (ids->count > 1)
		qsort(ids->id, ids->count, sizeof *ids->id, compare_ids);
	return result;
}

void
spool_ids_done(struct spool_ids *ids)
{
	free(ids->id);
	*ids = (struct spool_ids){.count = 0};
}

int
spool_load(const struct spool *spool, const char *id, struct spool_entry *entry,
    struct error *err)
{
	char name[SPOOL_NAME_SIZE];
	struct buf text;
	int result = -1;
	int fd = open_file(spool, id, ".state", O_RDONLY, err);

	if (fd == -1)
		return -1;
	spool_file_name(name, id, ".state");
	buf_init(&text, SPOOL_STATE_MAX);
	if (read_state(fd, &text, name, err) == 0)
		result = spool_entry_parse(entry, buf_text(&text), text.len,
		    name, err);
	memcpy(entry->id, id, SPOOL_ID_SIZE);
	buf_done(&text);
	close(fd);
	return result;
}

int
spool_lock(const struct spool *spool, const char *id, struct error *err)
{
	int fd = open_file(spool, id, ".message", O_RDWR, err);

	if (fd == -1)
		return -1;
	if (lock_file(fd) == 0 && lock_is_named(fd))
		return fd;
	if (errno == EAGAIN || errno == EACCES)
		error_set(err, ERROR_TEMPORARY,
		    "message %s is in use by another process", id);
	else if (errno == ENOENT)
		error_set(err, ERROR_USAGE, "%s: no such message in the queue",
		    id);
	else {
		error_set_errno(err, ERROR_IO, "message %s: cannot lock", id);
		spool_failed_hint(err);
	}
	close(fd);
	return -1;
}

void
spool_unlock(int fd)
{
	if (fd == -1)
		return;
	lock_release(fd);
	close(fd);
}

int
spool_open_message(const struct spool *spool, const char *id, struct error *err)
{
	return open_file(spool, id, ".message", O_RDONLY, err);
}

bool
spool_is_locked(const struct spool *spool, const char *id)
{
	struct error ignored;
	int fd = open_file(spool, id, ".message", O_RDWR, &ignored);
	bool is_held = fd != -1 && lock_is_held(fd);

	if (fd != -1)
		close(fd);
	return is_held;
}

int
spool_lock_run(const struct spool *spool, const char *purpose,
    struct error *err)
{
	int fd = spool_process_lock(spool, SPOOL_RUN_FILE, purpose, err);

	if (fd != -1)
		spool_remove_leftovers(spool);
	return fd;
}

bool
spool_is_run(const struct spool *spool)
{
	struct spool_process ignored;

	return spool->directory != -1 &&
	    spool_process_find(spool, SPOOL_RUN_FILE, &ignored);
}

static int
add_id(struct spool_ids *ids, const char *id, struct error *err)
{
	void *more = ids->id;

	if ((ids->count & (ids->count - 1)) == 0) /* 0 or a power of 2 */
		more = realloc(ids->id,
		    (ids->count > 0 ? 2 * ids->count : 1) * sizeof *ids->id);
	if (more == NULL)
		return error_no_memory(err);
	ids->id = more;
	memcpy(ids->id[ids->count++], id, SPOOL_ID_SIZE);
	return 0;
}

static int
compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, SPOOL_ID_SIZE);
}

static int
open_file(const struct spool *spool, const char *id, const char *suffix,
    int flags, struct error *err)
{
	char name[SPOOL_NAME_SIZE];
	int fd = -1;

	errno = ENOENT;
	if (spool->directory != -1 && spool_is_id(id)) {
		spool_file_name(name, id, suffix);
		fd = openat(spool->directory, name,
		    flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	}
	if (fd != -1)
		return check_file(fd, name, err);
	if (errno == ENOENT)
		return not_found(spool, id, err);
	if (errno == ELOOP)
		return not_regular(name, err);
	return error_set_errno(err, ERROR_IO, "message %s", id);
}

/* To read a FIFO could take for ever. */
static int
check_file(int fd, const char *name, struct error *err)
{
	struct stat status;

	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		return fd;
	close(fd);
	return not_regular(name, err);
}

static int
not_regular(const char *name, struct error *err)
{
	return error_set(err, ERROR_IO,
	    "%s: not a file of the queue, but a link or something else", name);
}

/* A crash before the message was accepted can leave its state alone. */
static int
not_found(const struct spool *spool, const char *id, struct error *err)
{
	if (spool->directory == -1 || !spool_is_id(id) ||
	    !spool_file_exists(spool, id, ".state"))
		return error_set(err, ERROR_USAGE,
		    "%s: no such message in the queue", id);
	error_set(err, ERROR_DATA,
	    "%s.message: the file of the message is missing", id);
	return error_hint(err,
	    "run postrider queue drop %s to remove what is left of it", id);
}

/* A piece that is not full is the last one; if not, the line "end" is missing.
 * That saves a system call for each of thousands of messages. */
static int
read_state(int fd, struct buf *text, const char *name, struct error *err)
{
	ssize_t got;

	do {
		if (buf_reserve(text, STATE_PIECE_SIZE, err) == -1)
			return -1;
		got = file_read_some(fd, text->data + text->len,
		    STATE_PIECE_SIZE, name, err);
		if (got > 0)
			text->len += (size_t)got;
	} while (got == STATE_PIECE_SIZE);
	return got < 0 ? -1 : 0;
}
