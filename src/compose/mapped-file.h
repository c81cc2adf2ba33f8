/* SPDX-License-Identifier: MIT */
#ifndef COMPOSE_MAPPED_FILE_H
#define COMPOSE_MAPPED_FILE_H

/*
 * Limits how much of a file that a library has mapped is resident, while the
 * library reads all of it. Linux only; elsewhere these do nothing.
 */

#include <stddef.h>

/* Empty if nothing was found. */
struct mapped_file {
	char *start;
	size_t len;
};

/* Finds the first mapping of a file whose name has this suffix. */
void mapped_file_find(const char *suffix, struct mapped_file *ret_file);

/*
 * From now on gives the pages of the file back every half a millisecond; the
 * kernel has them in its cache, and maps those that are used again. Uses
 * SIGALRM. file must stay valid while the process runs, and nothing must have
 * been written to its pages.
 */
void mapped_file_limit(const struct mapped_file *file);

#endif
