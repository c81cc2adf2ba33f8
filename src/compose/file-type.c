/* SPDX-License-Identifier: MIT */
/*
 * Asks libmagic, in a process of its own: its database takes as much memory as
 * all the rest, and a file that exploits a defect finds nothing there.
 */
#include "compose/file-type.h"

#include <errno.h>
#include <magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process.h"
#include "base/text.h"
#include "compose/confinement.h"
#include "compose/mapped-file.h"
#include "compose/text-facts.h"

#define UNKNOWN_TYPE "application/octet-stream"

enum {
	EXAMINED_MAX = 65536, /* bytes */
	PIECE_SIZE = 16384
};

static int run_magic(const struct part_files *files, int out);
static int read_types(struct part_files *files, FILE *in, struct error *err);
static int end_magic(pid_t pid, struct error *err);
static int find_charset(struct part_file *file, struct error *err);
static bool can_be_sent(const char *type);

int
file_types_find(struct part_files *files, struct error *err)
{
	int ends[2];
	pid_t pid;
	FILE *in;
	int result;

	if (files->count == 0)
		return 0;
	if (pipe(ends) == -1)
		return error_set_errno(err, ERROR_SYSTEM,
		    "cannot create a pipe");
	pid = fork();
	if (pid == 0) {
		process_end_with_parent();
		_exit(run_magic(files, ends[1]));
	}
	close(ends[1]);
	in = fdopen(ends[0], "r");
	if (pid == -1 || in == NULL) {
		close(ends[0]);
		return error_set_errno(err, ERROR_SYSTEM,
		    "cannot create a process");
	}
	result = read_types(files, in, err);
	fclose(in);
	if (end_magic(pid, err) == -1 || result == -1)
		return -1;
	for (size_t i = 0; i < files->count; i++) {
		if (find_charset(&files->file[i], err) == -1)
			return -1;
	}
	return 0;
}

/* Writes a line for each file. Returns the exit status. All of the database is
 * read for most files: with it and the rest, 12 MB would be resident. */
static int
run_magic(const struct part_files *files, int out)
{
	size_t examined = EXAMINED_MAX;
	magic_t magic = magic_open(
	    MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF);
	FILE *stream = fdopen(out, "w");
	struct mapped_file database;

	if (magic == NULL || stream == NULL || magic_load(magic, NULL) == -1)
		return 1;
	magic_setparam(magic, MAGIC_PARAM_BYTES_MAX, &examined);
	mapped_file_find(".mgc", &database);
	mapped_file_limit(&database);
	compose_confine();
	for (size_t i = 0; i < files->count; i++) {
		const char *type = magic_descriptor(magic, files->file[i].fd);

		fprintf(stream, "%s\n", type != NULL ? type : UNKNOWN_TYPE);
	}
	mapped_file_done(&database);
	return fflush(stream) != 0;
}

static int
read_types(struct part_files *files, FILE *in, struct error *err)
{
	for (size_t i = 0; i < files->count; i++) {
		struct part_file *file = &files->file[i];

		if (fgets(file->type, sizeof file->type, in) == NULL)
			return error_set(err, ERROR_SYSTEM,
			    "%s: cannot determine the type of the file",
			    file->path);
		file->type[strcspn(file->type, "\n")] = '\0';
		if (!can_be_sent(file->type))
			snprintf(file->type, sizeof file->type, UNKNOWN_TYPE);
	}
	return 0;
}

static int
end_magic(pid_t pid, struct error *err)
{
	int status = 0;

	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		continue;
	if (!WIFEXITED(status) || WEXITSTATUS(status) == 0)
		return 0;
	error_set(err, ERROR_SYSTEM,
	    "libmagic cannot determine the types of files");
	return error_hint(err,
	    "install its database, for example the package libmagic-mgc");
}

/* "text/x-c", "application/pdf" */
static bool
can_be_sent(const char *type)
{
	static const char *const refused[] = {"message/", "multipart/",
	    "inode/", "application/x-empty"};
	const char *slash = strchr(type, '/');

	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		if (text_has_prefix(type, refused[i]))
			return false;
	}
	return slash != NULL && slash > type && slash[1] != '\0' &&
	    strpbrk(type, " ;()<>@,\\\"[]?=") == NULL &&
	    !text_has_8bit(type, strlen(type));
}

static int
find_charset(struct part_file *file, struct error *err)
{
	struct text_facts facts;
	char piece[PIECE_SIZE];
	ssize_t got = 0;

	if (lseek(file->fd, 0, SEEK_SET) == -1)
		return error_set_errno(err, ERROR_INPUT, "%s", file->path);
	if (!text_has_prefix(file->type, "text/"))
		return 0;
	text_facts_init(&facts);
	while (facts.is_utf8 &&
	    ((got = read(file->fd, piece, sizeof piece)) > 0 ||
		(got == -1 && errno == EINTR))) {
		if (got > 0)
			text_facts_add(&facts, piece, (size_t)got);
	}
	text_facts_finish(&facts);
	if (got == -1 || lseek(file->fd, 0, SEEK_SET) == -1)
		return error_set_errno(err, ERROR_INPUT, "%s", file->path);
	if (facts.is_utf8)
		file->charset = facts.count_8bit > 0 ? "utf-8" : "us-ascii";
	else
		snprintf(file->type, sizeof file->type, UNKNOWN_TYPE);
	return 0;
}
