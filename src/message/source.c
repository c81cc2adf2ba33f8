/* SPDX-License-Identifier: MIT */
/*
 * Reads the message from a descriptor and keeps it in memory or in a file.
 */
#include "message/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

struct source {
	struct buf memory;
	int file;  /* if not -1, holds everything instead of memory */
	int spare; /* if not -1, an empty file that can become that */
	uint64_t size;
};

/* Finds the line that consists of a dot, across pieces. */
struct dot_finder {
	bool in_line;     /* the next byte does not begin a line */
	bool holds_dot;   /* the last piece ended with a dot at a line start */
	bool is_finished; /* the dot was found */
};

static int source_fill(struct source *source, int fd, bool dot_ends,
    struct error *err);
static uint64_t source_file_size(int fd);
static int source_keep_until_dot(struct source *source,
    struct dot_finder *finder, const char *bytes, size_t len,
    struct error *err);
static size_t find_dot(struct dot_finder *finder, const char *bytes,
    size_t len);
static int source_move_to_file(struct source *source, struct error *err);

struct source *
source_read(int fd, bool dot_ends, struct error *err)
{
	struct source *source = source_new(err);

	if (source != NULL && source_fill(source, fd, dot_ends, err) == -1) {
		source_free(source);
		return NULL;
	}
	return source;
}

struct source *
source_new(struct error *err)
{
	struct source *source = calloc(1, sizeof *source);

	if (source == NULL) {
		error_no_memory(err);
		return NULL;
	}
	buf_init(&source->memory, SOURCE_MEMORY_MAX);
	source->file = -1;
	source->spare = -1;
	return source;
}

int
source_prepare_file(struct source *source, struct error *err)
{
	if (source->spare == -1)
		source->spare = file_open_unnamed(err);
	return source->spare != -1 ? 0 : -1;
}

int
source_add(struct source *source, const char *bytes, size_t len,
    struct error *err)
{
	if (source->file == -1 &&
	    source->memory.len + len > SOURCE_MEMORY_MAX &&
	    source_move_to_file(source, err) == -1)
		return -1;
	if ((source->file != -1
		    ? file_write_unnamed(source->file, bytes, len,
			  "the message", err)
		    : buf_add(&source->memory, bytes, len, err)) == -1)
		return -1;
	source->size += len;
	return 0;
}

int
source_clear(struct source *source, struct error *err)
{
	buf_clear(&source->memory);
	source->size = 0;
	if (source->file == -1)
		return 0;
	source->spare = source->file;
	source->file = -1;
	if (lseek(source->spare, 0, SEEK_SET) == 0 &&
	    ftruncate(source->spare, 0) == 0)
		return 0;
	return error_set_errno(err, ERROR_IO, "temporary copy of the message");
}

void
source_free(struct source *source)
{
	if (source == NULL)
		return;
	buf_done(&source->memory);
	if (source->file != -1)
		close(source->file);
	if (source->spare != -1)
		close(source->spare);
	free(source);
}

uint64_t
source_size(const struct source *source)
{
	return source->size;
}

long
source_copy(struct source *source, uint64_t offset, void *out, size_t len,
    struct error *err)
{
	size_t done = 0;

	if (offset >= source->size)
		return 0;
	if (len > source->size - offset)
		len = (size_t)(source->size - offset);
	if (source->file == -1) {
		memcpy(out, source->memory.data + offset, len);
		return (long)len;
	}
	while (done < len) {
		ssize_t got = pread(source->file, (char *)out + done,
		    len - done, (off_t)(offset + done));

		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return error_set_errno(err, ERROR_IO,
			    "temporary copy of the message");
		if (got == 0)
			return error_set(err, ERROR_IO,
			    "the temporary copy of the message is truncated");
		done += (size_t)got;
	}
	return (long)done;
}

static int
source_fill(struct source *source, int fd, bool dot_ends, struct error *err)
{
	char *piece = malloc(SOURCE_PIECE);
	struct dot_finder finder = {.in_line = false};
	uint64_t file_size = source_file_size(fd);
	ssize_t got = -1;

	if (piece == NULL)
		return error_no_memory(err);
	while (!finder.is_finished &&
	    (got = file_read_some(fd, piece, SOURCE_PIECE, "standard input",
		 err)) > 0) {
		size_t len = (size_t)got;

		if ((dot_ends ? source_keep_until_dot(source, &finder, piece,
				    len, err)
			      : source_add(source, piece, len, err)) == -1) {
			got = -1;
			break;
		}
	}
	/* A dot at the very end is a line of its own and not kept. */
	free(piece);
	if (got == 0 && source_file_size(fd) < file_size)
		return error_set(err, ERROR_IO,
		    "standard input: the file became shorter while it was "
		    "read");
	return got == -1 ? -1 : 0;
}

/* Returns 0 if it is no regular file. */
static uint64_t
source_file_size(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode)
	    ? (uint64_t)status.st_size
	    : 0;
}

static int
source_keep_until_dot(struct source *source, struct dot_finder *finder,
    const char *bytes, size_t len, struct error *err)
{
	if (finder->holds_dot) {
		finder->holds_dot = false;
		if (*bytes == '\r' || *bytes == '\n') {
			finder->is_finished = true;
			return 0;
		}
		if (source_add(source, ".", 1, err) == -1)
			return -1;
		finder->in_line = true;
	}
	return source_add(source, bytes, find_dot(finder, bytes, len), err);
}

/* Returns the number of bytes to keep: those before the dot, if it is found. */
static size_t
find_dot(struct dot_finder *finder, const char *bytes, size_t len)
{
	const char *end = bytes + len;
	const char *dot = bytes;

	while ((dot = memchr(dot, '.', (size_t)(end - dot))) != NULL) {
		bool in_line = dot == bytes
		    ? finder->in_line
		    : dot[-1] != '\n' && dot[-1] != '\r';

		if (!in_line && dot + 1 == end) {
			finder->holds_dot = true;
			return len - 1;
		}
		if (!in_line && (dot[1] == '\n' || dot[1] == '\r')) {
			finder->is_finished = true;
			return (size_t)(dot - bytes);
		}
		dot++;
	}
	finder->in_line = end[-1] != '\n' && end[-1] != '\r';
	return len;
}

static int
source_move_to_file(struct source *source, struct error *err)
{
	if (source_prepare_file(source, err) == -1)
		return -1;
	source->file = source->spare;
	source->spare = -1;
	if (file_write_unnamed(source->file, source->memory.data,
		source->memory.len, "the message", err) == -1)
		return -1;
	buf_done(&source->memory);
	return 0;
}
