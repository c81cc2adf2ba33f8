/* SPDX-License-Identifier: MIT */
#ifndef COMPOSE_PART_FILE_H
#define COMPOSE_PART_FILE_H

/* A file that becomes a part of the message as it is. */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum {
	PART_TYPE_SIZE = 128,
	PART_NAME_SIZE = 1024
};

struct part_file {
	const char *path; /* borrowed */
	int fd;
	char name[PART_NAME_SIZE]; /* for the recipient: UTF-8, printable */
	char type[PART_TYPE_SIZE]; /* "text/plain"; by file-type.h */
	const char *charset;       /* static; NULL if it is not text */
};

struct part_files {
	struct part_file *file;
	size_t count;
};

/*
 * Opens the files. ERROR_INPUT if one cannot be read, names a directory or is
 * not a regular file. With as_inline, also ERROR_USAGE if the name of one can
 * not be used in a URL "cid:NAME", or two have the same name. option is the
 * name of the option for messages. part_files_done frees, also after a failure.
 */
int part_files_open(struct part_files *files, const char *const *path,
    size_t count, bool as_inline, struct error *err);
void part_files_done(struct part_files *files);

/* Derives the name for the recipient from a path. */
void part_file_name(const char *path, char out[PART_NAME_SIZE]);

#endif
