/* SPDX-License-Identifier: MIT */
#ifndef IMPORT_IMPORT_LINES_H
#define IMPORT_IMPORT_LINES_H

/* The lines of a configuration file, which may contain a password: its memory
 * is wiped. For this layer only. */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/secret.h"

enum {
	IMPORT_LINE_SIZE = 4096,
	IMPORT_PLACE_SIZE = 512
};

struct import_lines {
	struct secret *text;
	char *path;
	const char *at;
	unsigned number;
	char line[IMPORT_LINE_SIZE];   /* may be changed in place */
	char place[IMPORT_PLACE_SIZE]; /* "file:line" */
};

/*
 * Opens the file; "~/" is the home directory. ERROR_INPUT, with
 * err->sys_errno ENOENT if it does not exist.
 */
int import_lines_open(struct import_lines *lines, const char *path,
    struct error *err);

/* As import_lines_open, of the first path that exists. The list ends with NULL.
 */
int import_lines_open_first(struct import_lines *lines,
    const char *const *paths, struct error *err);

/* The lines of a text, which becomes theirs. */
int import_lines_of_text(struct import_lines *lines, const char *name,
    struct secret *text, struct error *err);

void import_lines_close(struct import_lines *lines);

/*
 * Gets the next line, trimmed; empty ones and those that begin with a character
 * of comments are skipped. A "\" at the end joins the next line. False at the
 * end; ERROR_CONFIG is set if a line is too long, else err->code is ERROR_NONE.
 */
bool import_lines_next(struct import_lines *lines, const char *comments,
    struct error *err);

/*
 * Splits text in place into words at blanks and at the characters of
 * separators. Quotes, single or double, keep a word together, a backslash
 * outside single quotes takes the next character as it is. Returns the number,
 * at most max.
 */
size_t import_split(char *text, const char *separators, char *word[],
    size_t max);

#endif
