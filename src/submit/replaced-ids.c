/* SPDX-License-Identifier: MIT */
/*
 * A line of the file is: time, key, old ID, new ID; separated by tabs. Lines
 * are only appended, each by one write(2), so that readers and writers need no
 * lock. Knows no server.
 */
#include "submit/replaced-ids.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/paths.h"
#include "base/text.h"

enum {
	LINES_MAX = 2000,
	AGE_MAX_S = 90 * 24 * 3600,
	FILE_MAX = 4 * LINES_MAX * REPLACED_ID_SIZE
};

struct replaced_ids {
	char *path;
	char *key;
	int fd;
	bool may_add;
	struct buf text;
};

struct line {
	const char *start;
	size_t len; /* with its line end */
	int64_t time_s;
	const char *field[3]; /* key, old ID, new ID */
	size_t field_len[3];
};

static int ids_load(struct replaced_ids *ids, struct error *err);
static int ids_open_file(struct replaced_ids *ids, struct error *err);
static bool ids_are_too_many(const struct replaced_ids *ids);
static void ids_shorten(struct replaced_ids *ids);
static bool line_next(const struct buf *text, size_t *position,
    struct line *ret_line);
static bool line_parse(struct line *line);
static bool field_is(const struct line *line, int field, const char *text,
    size_t len);

struct replaced_ids *
replaced_ids_open(const char *key, bool may_add, struct error *err)
{
	struct replaced_ids *ids = calloc(1, sizeof *ids);

	if (ids == NULL) {
		error_no_memory(err);
		return NULL;
	}
	ids->fd = -1;
	ids->may_add = may_add;
	buf_init(&ids->text, FILE_MAX);
	ids->key = text_format(err, "%s", key);
	ids->path = paths_state("message-ids", err);
	if (ids->key == NULL || ids->path == NULL || ids_load(ids, err) == -1) {
		replaced_ids_free(ids);
		return NULL;
	}
	return ids;
}

void
replaced_ids_free(struct replaced_ids *ids)
{
	if (ids == NULL)
		return;
	if (ids->fd != -1)
		close(ids->fd);
	buf_done(&ids->text);
	free(ids->path);
	free(ids->key);
	free(ids);
}

char *
replaced_ids_file(struct error *err)
{
	struct replaced_ids ids = {.fd = -1, .may_add = true};

	ids.path = paths_state("message-ids", err);
	if (ids.path != NULL && ids_open_file(&ids, err) == -1) {
		free(ids.path);
		ids.path = NULL;
	}
	if (ids.fd != -1)
		close(ids.fd);
	return ids.path;
}

const char *
replaced_ids_find(const struct replaced_ids *ids, const char *id, size_t len,
    size_t *ret_len)
{
	const char *found = NULL;
	size_t position = 0;
	struct line line;

	while (line_next(&ids->text, &position, &line)) {
		if (!line_parse(&line) ||
		    !field_is(&line, 0, ids->key, strlen(ids->key)) ||
		    !field_is(&line, 1, id, len))
			continue;
		found = line.field[2];
		*ret_len = line.field_len[2];
	}
	return found;
}

int
replaced_ids_add(const struct replaced_ids *ids, const char *old_id,
    const char *new_id, struct error *err)
{
	struct buf line;
	int result = -1;

	buf_init(&line, 4096);
	if (buf_addf(&line, err, "%" PRId64 "\t%s\t%s\t%s\n",
		(int64_t)time(NULL), ids->key, old_id, new_id) == 0)
		result = file_write(ids->fd, line.data, line.len, err);
	buf_done(&line);
	return result;
}

static int
ids_load(struct replaced_ids *ids, struct error *err)
{
	if (ids_open_file(ids, err) == -1)
		return -1;
	if (ids->fd == -1)
		return 0;
	if (file_read(ids->fd, &ids->text, ids->path, err) == -1)
		return -1;
	if (ids->may_add && ids_are_too_many(ids))
		ids_shorten(ids);
	return 0;
}

/* Nothing is opened if there is no file and none is needed. */
static int
ids_open_file(struct replaced_ids *ids, struct error *err)
{
	int flags = O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK |
	    (ids->may_add ? O_RDWR | O_APPEND | O_CREAT : O_RDONLY);
	struct stat status;

	if (ids->may_add && file_make_directories(ids->path, err) == -1)
		return -1;
	ids->fd = open(ids->path, flags, 0600);
	if (ids->fd == -1)
		return errno == ENOENT && !ids->may_add
		    ? 0
		    : error_set_errno(err, ERROR_CREATE, "%s", ids->path);
	if (fstat(ids->fd, &status) == -1)
		return error_set_errno(err, ERROR_CREATE, "%s", ids->path);
	if (!S_ISREG(status.st_mode) || status.st_uid != geteuid())
		return error_set(err, ERROR_CREATE,
		    "%s: is not a file of this user", ids->path);
	return 0;
}

static bool
ids_are_too_many(const struct replaced_ids *ids)
{
	size_t position = 0;
	size_t count = 0;
	struct line line;

	while (line_next(&ids->text, &position, &line))
		count++;
	return count > 2 * LINES_MAX;
}

/*
 * What another process adds meanwhile is lost, which only costs it a thread.
 * What fails, as it does in the sandbox, will be tried again.
 */
static void
ids_shorten(struct replaced_ids *ids)
{
	int64_t oldest_s = (int64_t)time(NULL) - AGE_MAX_S;
	size_t position = 0;
	size_t skip = LINES_MAX; /* half of them, at least */
	struct error ignored;
	struct line line;
	struct buf kept;
	int result = 0;

	if (flock(ids->fd, LOCK_EX | LOCK_NB) == -1)
		return;
	buf_init(&kept, FILE_MAX);
	while (result == 0 && line_next(&ids->text, &position, &line)) {
		if (skip > 0)
			skip--;
		else if (line_parse(&line) && line.time_s >= oldest_s)
			result = buf_add(&kept, line.start, line.len, &ignored);
	}
	if (result == 0 &&
	    file_replace(ids->path, kept.data, kept.len, 0600, &ignored) == 0) {
		close(ids->fd);
		ids_open_file(ids, &ignored);
	} else {
		flock(ids->fd, LOCK_UN);
	}
	buf_done(&kept);
}

static bool
line_next(const struct buf *text, size_t *position, struct line *ret_line)
{
	const char *start;
	const char *end;

	if (*position >= text->len)
		return false;
	start = text->data + *position;
	end = memchr(start, '\n', text->len - *position);
	if (end == NULL) /* a write that was cut short */
		return false;
	*ret_line =
	    (struct line){.start = start, .len = (size_t)(end - start) + 1};
	*position += ret_line->len;
	return true;
}

static bool
line_parse(struct line *line)
{
	const char *end = line->start + line->len - 1;
	const char *at = memchr(line->start, '\t', line->len);
	char number[24] = "";

	if (at == NULL || (size_t)(at - line->start) >= sizeof number)
		return false;
	memcpy(number, line->start, (size_t)(at - line->start));
	line->time_s = strtoll(number, NULL, 10);
	for (int i = 0; i < 3; i++) {
		const char *next;

		at++;
		next = i < 2 ? memchr(at, '\t', (size_t)(end - at)) : end;
		if (next == NULL)
			return false;
		line->field[i] = at;
		line->field_len[i] = (size_t)(next - at);
		at = next;
	}
	return true;
}

static bool
field_is(const struct line *line, int field, const char *text, size_t len)
{
	return line->field_len[field] == len &&
	    memcmp(line->field[field], text, len) == 0;
}
