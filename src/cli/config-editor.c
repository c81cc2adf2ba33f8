/* SPDX-License-Identifier: MIT */
/*
 * Lets a person edit a copy of the configuration, and replaces the file once
 * the copy is valid. The file isn't locked meanwhile: if another process
 * changes it, it stays, and so does the copy.
 */
#include "cli/verb-config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/editor.h"
#include "report/report.h"
#include "config/config-change.h"
#include "config/config-file.h"
#include "credential/terminal.h"

enum {
	QUESTION_SIZE = 1024
};

static const char template[] =
    "# The configuration of postrider; see postrider(5). For example:\n"
    "#\n"
    "# account work {\n"
    "#\thost = smtp.corp.example\n"
    "#\tuser = me@corp.example\n"
    "# }\n";

struct editing {
	const char *path;
	char *copy; /* the file that the editor opens, or NULL */
	struct buf before;
	struct buf after;
	bool keeps_copy; /* it has changes that are not in the file */
};

static int editing_begin(struct editing *editing, struct error *err);
static int editing_read(struct editing *editing, struct error *err);
static int editing_write_copy(struct editing *editing, const char *text,
    struct error *err);
static int editing_run(struct editing *editing, struct error *err);
static int editing_ask_again(const struct editing *editing, bool *ret_again,
    struct error *err);
static int editing_replace(struct editing *editing, struct error *err);
static void editing_hint_copy(const struct editing *editing, struct error *err);
static void editing_end(struct editing *editing);

int
config_edit(struct config_command *command, struct error *err)
{
	struct editing editing = {.path = command->path};
	int result;

	buf_init(&editing.before, CONFIG_FILE_MAX);
	buf_init(&editing.after, CONFIG_FILE_MAX);
	result = editing_begin(&editing, err);
	if (result == 0)
		result = editing_run(&editing, err);
	if (result == 0 &&
	    strcmp(buf_text(&editing.before), buf_text(&editing.after)) != 0)
		result = editing_replace(&editing, err);
	else if (result == 0)
		puts("nothing was changed");
	if (result == -1 && editing.keeps_copy)
		editing_hint_copy(&editing, err);
	editing_end(&editing);
	return result;
}

static int
editing_begin(struct editing *editing, struct error *err)
{
	bool is_new;

	if (editing_read(editing, err) == -1)
		return -1;
	is_new = editing->before.len == 0;
	umask(077); /* an editor may create the copy anew */
	return editing_write_copy(editing,
	    is_new ? template : buf_text(&editing->before), err);
}

/* A file that doesn't exist is empty. */
static int
editing_read(struct editing *editing, struct error *err)
{
	struct stat status;

	if (config_file_read(editing->path, &editing->before, &status, err) ==
	    0)
		return 0;
	return err->sys_errno == ENOENT ? 0 : -1;
}

static int
editing_write_copy(struct editing *editing, const char *text, struct error *err)
{
	const char *directory = getenv("TMPDIR");
	char *path = text_format(err, "%s/postrider-config.XXXXXX",
	    directory != NULL && *directory == '/' ? directory : "/tmp");
	int fd;
	int result;

	if (path == NULL)
		return -1;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd == -1) {
		error_set_errno(err, ERROR_CREATE, "%s", path);
		free(path);
		return -1;
	}
	editing->copy = path;
	result = file_write(fd, text, strlen(text), err);
	close(fd);
	return result;
}

/* Until the text is valid, or the person gives up. */
static int
editing_run(struct editing *editing, struct error *err)
{
	struct stat status;
	struct error fault;
	bool again = true;

	do {
		if (editor_run(editing->copy, err) == -1)
			return -1;
		buf_clear(&editing->after);
		if (config_file_read(editing->copy, &editing->after, &status,
			err) == -1)
			return -1;
		if (strcmp(buf_text(&editing->after), template) == 0)
			buf_clear(&editing->after);
		editing->keeps_copy = strcmp(buf_text(&editing->before),
					  buf_text(&editing->after)) != 0;
		if (!editing->keeps_copy ||
		    config_check(editing->path, buf_text(&editing->after),
			&fault) == 0)
			return 0;
		if (isatty(STDIN_FILENO) != 1) {
			*err = fault;
			return -1;
		}
		report_error(&fault);
		if (editing_ask_again(editing, &again, err) == -1)
			return -1;
	} while (again);
	return error_set(err, ERROR_CONFIG, "%s: was not changed",
	    editing->path);
}

/* Ctrl-C ends the program, so the question says where the copy is. */
static int
editing_ask_again(const struct editing *editing, bool *ret_again,
    struct error *err)
{
	char question[QUESTION_SIZE];

	text_format_printable(question, sizeof question,
	    "Your changes are in %s. Edit them again? [Y/n] ", editing->copy);
	return terminal_ask_yes(question, true, ret_again, err);
}

static int
editing_replace(struct editing *editing, struct error *err)
{
	char *path;

	if (config_replace(editing->path, buf_text(&editing->before),
		buf_text(&editing->after), &path, err) == -1)
		return -1;
	printf("changed %s\n", path);
	config_warn_accounts(path, NULL);
	free(path);
	editing->keeps_copy = false;
	return 0;
}

static void
editing_hint_copy(const struct editing *editing, struct error *err)
{
	char hint[ERROR_HINT_SIZE];

	memcpy(hint, err->hint, sizeof hint);
	error_hint(err, "%s%syour changes are in %s", hint,
	    *hint != '\0' ? "; " : "", editing->copy);
}

static void
editing_end(struct editing *editing)
{
	if (editing->copy != NULL && !editing->keeps_copy)
		unlink(editing->copy);
	free(editing->copy);
	buf_done(&editing->before);
	buf_done(&editing->after);
}
