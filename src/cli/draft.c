/* SPDX-License-Identifier: MIT */
/*
 * Writes a draft, has it edited and takes it apart.
 */
#include "cli/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/paths.h"
#include "base/text.h"
#include "cli/editor.h"
#include "message/header.h"

#define DRAFTS "~/.local/state/postrider/drafts/"

enum {
	DRAFT_SIZE_MAX = 16 * 1024 * 1024
};

/* Fields of the draft; the first three are always there. */
static const struct draft_field {
	const char *option;
	const char *name;
	bool is_always_shown;
} fields[] = {
    {COMPOSE_TO, "To", true},
    {COMPOSE_CC, "Cc", true},
    {COMPOSE_SUBJECT, "Subject", true},
    {COMPOSE_BCC, "Bcc", false},
    {COMPOSE_REPLY_TO, "Reply-To", false},
    {COMPOSE_IN_REPLY_TO, "In-Reply-To", false},
};

enum {
	FIELD_COUNT = sizeof fields / sizeof *fields
};

static int draft_write(const struct composition *composition, struct buf *text,
    struct error *err);
static int draft_create(struct draft *draft, const struct buf *text,
    struct error *err);
static int draft_create_in(const char *directory, struct draft *draft,
    struct error *err);
static int draft_read(struct draft *draft, struct buf *text, struct error *err);
static int draft_check(struct draft *draft, const struct buf *before,
    const struct buf *after, struct error *err);
static int draft_take(struct draft *draft, struct composition *composition,
    const struct buf *text, struct error *err);
static int draft_start_remover(struct draft *draft, struct error *err);
static int take_field(struct composition *composition,
    const struct header_field *field, struct error *err);
static const struct draft_field *find_field(const struct header_field *field);
static char *unfold(const char *value, size_t len);
static bool is_blank(const char *text, size_t len);

void
draft_init(struct draft *draft)
{
	*draft = (struct draft){.fd = -1, .remover = -1};
}

void
draft_done(struct draft *draft)
{
	free(draft->path);
	if (draft->fd != -1)
		close(draft->fd);
	if (draft->remover != -1) {
		close(draft->remover);
		waitpid(draft->remover_pid, NULL, 0);
	}
	draft_init(draft);
}

void
draft_remove(struct draft *draft)
{
	int status = 0;

	if (draft->path == NULL)
		return;
	if (draft->remover == -1) {
		status = unlink(draft->path);
	} else {
		if (write(draft->remover, "", 1) == -1)
			status = -1;
		close(draft->remover);
		draft->remover = -1;
		while (waitpid(draft->remover_pid, &status, 0) == -1 &&
		    errno == EINTR)
			continue;
	}
	if (status != 0)
		return;
	free(draft->path);
	draft->path = NULL;
}

int
draft_check_kept(const char *path, const struct composition *composition,
    struct error *err)
{
	char *directory = paths_expand(DRAFTS, err);
	int result = 0;

	if (directory == NULL)
		return -1;
	for (size_t i = 0; i < FIELD_COUNT && result == 0; i++) {
		if (composition_find(composition, fields[i].option) != NULL)
			result = error_set(err, ERROR_USAGE,
			    "%s cannot be used with --draft, which has this "
			    "field",
			    fields[i].option);
	}
	/* It is removed once it is sent. */
	if (result == 0 && strncmp(path, directory, strlen(directory)) != 0)
		result = error_set(err, ERROR_USAGE,
		    "--draft %s: no file in %s", path, directory);
	free(directory);
	return result;
}

int
draft_edit(struct draft *draft, const char *kept,
    struct composition *composition, struct error *err)
{
	struct buf before;
	struct buf after;
	struct error failure;
	int result = -1;

	buf_init(&before, DRAFT_SIZE_MAX);
	buf_init(&after, DRAFT_SIZE_MAX);
	if (kept != NULL) {
		draft->path = strdup(kept);
		if (draft->path == NULL) {
			error_no_memory(err);
			goto out;
		}
	} else if (draft_write(composition, &before, err) == -1 ||
	    draft_create(draft, &before, err) == -1) {
		goto out;
	}
	if (editor_run(draft->path, err) == -1) {
		if (draft_read(draft, &after, &failure) == 0)
			draft_check(draft, &before, &after, &failure);
		goto out;
	}
	if (draft_read(draft, &after, err) == 0 &&
	    draft_check(draft, &before, &after, err) == 0)
		result = draft_take(draft, composition, &after, err);
	if (result == 0)
		result = draft_start_remover(draft, err);
out:
	buf_done(&before);
	buf_done(&after);
	return result;
}

static int
draft_write(const struct composition *composition, struct buf *text,
    struct error *err)
{
	const char *body = composition_find(composition, COMPOSE_BODY);

	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const char *value;
		const char *separator = "";
		size_t at = 0;

		if (!fields[i].is_always_shown &&
		    composition_find(composition, fields[i].option) == NULL)
			continue;
		if (buf_addf(text, err, "%s: ", fields[i].name) == -1)
			return -1;
		while ((value = composition_next(composition, fields[i].option,
			    &at)) != NULL) {
			if (buf_addf(text, err, "%s%s", separator, value) == -1)
				return -1;
			separator = ", ";
		}
		if (buf_add_text(text, "\n", err) == -1)
			return -1;
	}
	return buf_addf(text, err, "\n%s%s", body != NULL ? body : "",
	    body != NULL ? "\n" : "");
}

static int
draft_create(struct draft *draft, const struct buf *text, struct error *err)
{
	char *directory = paths_expand(DRAFTS, err);
	int result = -1;
	int fd;

	if (directory == NULL || file_make_directories(directory, err) == -1)
		goto out;
	fd = draft_create_in(directory, draft, err);
	if (fd == -1)
		goto out;
	result = file_write(fd, text->data, text->len, err);
	close(fd);
	if (result == -1)
		draft_remove(draft);
out:
	free(directory);
	return result;
}

/* Editors know the form by the suffix. mkstemps gives it mode 0600. */
static int
draft_create_in(const char *directory, struct draft *draft, struct error *err)
{
	static const char suffix[] = ".eml";
	char date[32];
	time_t now = time(NULL);
	struct tm local;
	struct buf path;
	int fd = -1;

	localtime_r(&now, &local);
	strftime(date, sizeof date, "%Y-%m-%d-%H%M", &local);
	buf_init(&path, PATH_MAX);
	if (buf_addf(&path, err, "%s%s-XXXXXX%s", directory, date, suffix) ==
	    0) {
		fd = mkostemps(path.data, sizeof suffix - 1, O_CLOEXEC);
		if (fd == -1)
			error_set_errno(err, ERROR_CREATE, "%s", path.data);
		else
			draft->path = buf_take(&path);
	}
	buf_done(&path);
	return fd;
}

/* The editor may have replaced the file. */
static int
draft_read(struct draft *draft, struct buf *text, struct error *err)
{
	draft->fd = file_open(draft->path, ERROR_INPUT, err);
	if (draft->fd == -1)
		return -1;
	return file_read(draft->fd, text, draft->path, err);
}

static int
draft_check(struct draft *draft, const struct buf *before,
    const struct buf *after, struct error *err)
{
	if (before->len > 0 && before->len == after->len &&
	    memcmp(before->data, after->data, after->len) == 0) {
		draft_remove(draft);
		return error_set(err, ERROR_USAGE,
		    "the draft was not changed, so nothing is sent");
	}
	if (is_blank(after->data, after->len)) {
		draft_remove(draft);
		return error_set(err, ERROR_USAGE,
		    "the draft is empty, so nothing is sent");
	}
	return 0;
}

static int
draft_take(struct draft *draft, struct composition *composition,
    const struct buf *text, struct error *err)
{
	struct header header;
	int result = -1;

	header_init(&header);
	if (header_parse(&header, text->data, text->len, true, err) == -1)
		goto out;
	composition_remove(composition, COMPOSE_BODY);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		composition_remove(composition, fields[i].option);
	if (composition_add(composition, COMPOSE_BODY, COMPOSE_INPUT, err) ==
	    -1)
		goto out;
	for (size_t i = 0; i < header.count; i++) {
		if (take_field(composition, &header.field[i], err) == -1)
			goto out;
	}
	if (composition_find(composition, COMPOSE_ATTACH) == NULL &&
	    composition_find(composition, COMPOSE_HTML) == NULL &&
	    is_blank(text->data + header.body_offset,
		text->len - header.body_offset))
		error_set(err, ERROR_USAGE,
		    "the draft has no text, so nothing is sent");
	else if (lseek(draft->fd, (off_t)header.body_offset, SEEK_SET) == -1)
		error_set_errno(err, ERROR_IO, "%s", draft->path);
	else
		result = 0;
out:
	header_done(&header);
	return result;
}

/* The process removes the file when it is told to, and ends with this one. */
static int
draft_start_remover(struct draft *draft, struct error *err)
{
	int ends[2];
	char byte;

	if (pipe(ends) == -1 || fcntl(ends[1], F_SETFD, FD_CLOEXEC) == -1)
		return error_set_errno(err, ERROR_SYSTEM,
		    "cannot create a pipe");
	draft->remover_pid = fork();
	if (draft->remover_pid == 0) {
		close(ends[1]);
		_exit(read(ends[0], &byte, 1) == 1 && unlink(draft->path) != 0);
	}
	close(ends[0]);
	if (draft->remover_pid == -1) {
		error_set_errno(err, ERROR_SYSTEM, "cannot create a process");
		close(ends[1]);
		return -1;
	}
	draft->remover = ends[1];
	return 0;
}

/* Fields without an option of their own become --header. */
static int
take_field(struct composition *composition, const struct header_field *field,
    struct error *err)
{
	const struct draft_field *known = find_field(field);
	char *value = unfold(field->value, field->value_len);
	struct buf line;
	int result = -1;

	buf_init(&line, HEADER_SIZE_MAX);
	if (value == NULL)
		error_no_memory(err);
	else if (*value == '\0')
		result = 0;
	else if (known != NULL)
		result =
		    composition_add(composition, known->option, value, err);
	else if (buf_addf(&line, err, "%.*s: %s", (int)field->name_len,
		     field->name, value) == 0)
		result = composition_add(composition, COMPOSE_HEADER, line.data,
		    err);
	buf_done(&line);
	free(value);
	return result;
}

static const struct draft_field *
find_field(const struct header_field *field)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (text_is(field->name, field->name_len, fields[i].name))
			return &fields[i];
	}
	return NULL;
}

/* Returns a copy without line ends and outer spaces; NULL when out of memory.
 */
static char *
unfold(const char *value, size_t len)
{
	char *copy = text_copy(value, len);
	char *end = copy;
	char *trimmed;

	if (copy == NULL)
		return NULL;
	for (const char *at = copy; *at != '\0'; at++) {
		if (*at != '\r' && *at != '\n')
			*end++ = *at;
	}
	*end = '\0';
	trimmed = text_trim(copy);
	memmove(copy, trimmed, strlen(trimmed) + 1);
	return copy;
}

static bool
is_blank(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (strchr(" \t\r\n", text[i]) == NULL)
			return false;
	}
	return true;
}
