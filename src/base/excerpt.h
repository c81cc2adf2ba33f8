/* SPDX-License-Identifier: MIT */
#ifndef BASE_EXCERPT_H
#define BASE_EXCERPT_H

/*
 * Finds out whether a program's error message repeats part of the command line
 * that ran it, which may contain a password.
 */

#include <stdbool.h>
#include <stddef.h>

/* Follows the exit status in an error message. */
#define EXCERPT_WITHHELD \
	"; its message is withheld because it repeats part of the command"

/*
 * Whether the len bytes at text have four consecutive characters that aren't
 * blank, or a whole word of three, in common with the command line. Ignores
 * case, quotes and backslashes: a shell adds or removes quotes when it reports
 * an error, and truncates long commands. Compares only as much of text as an
 * error message can show.
 */
bool excerpt_is_in(const char *text, size_t len, const char *command);

#endif
