/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_PROGRAM_FAILURE_H
#define CREDENTIAL_PROGRAM_FAILURE_H

/*
 * Recognises why a command that the user configured failed. What it prints may
 * contain a secret in any form, so that none of it is shown: only texts of the
 * table in program-failure.c are.
 */

#include <stddef.h>

struct program_failure {
	const char *phrase; /* part of the command's message, and shown */
	const char *hint;   /* or NULL: the phrase has several causes */
};

/*
 * Returns what an exit status of the shell means, else the first row of the
 * table whose phrase is in the len bytes at line, ignoring case; NULL if the
 * failure is unknown.
 */
const struct program_failure *program_failure_find(const char *line, size_t len,
    int status);

#endif
