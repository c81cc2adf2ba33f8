/* SPDX-License-Identifier: MIT */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

/*
 * Reads the configurations of other programs that send mail, as accounts of
 * postrider. Changes nothing.
 */

#include <stddef.h>

#include "base/error.h"
#include "base/secret.h"
#include "config/settings.h"

struct import_account {
	char *name;
	struct settings settings; /* origins are places in the other's file */
	struct secret *password;  /* as written in the file, or NULL */
};

struct import {
	struct import_account *account;
	size_t account_count;
	char *default_account; /* or NULL */
	char **note;           /* "file:line: what could not be carried over" */
	size_t note_count;
};

/* Reads one program's configuration: the file at path; NULL: the usual ones.
 * ERROR_CONFIG, with "file:line", if a line is invalid; ERROR_INPUT if there is
 * no file. */
typedef int import_function(struct import *import, const char *path,
    struct error *err);

struct import_tool {
	const char *name;
	const char *title;
	import_function *read;
};

/* The programs, ended by a NULL name. */
extern const struct import_tool import_tools[];

/* NULL if there is none of that name. */
const struct import_tool *import_tool_find(const char *name);

void import_init(struct import *import);
void import_done(struct import *import);

#endif
