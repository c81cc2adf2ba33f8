/* SPDX-License-Identifier: MIT */
#ifndef COMPOSE_MAPPED_FILE_H
#define COMPOSE_MAPPED_FILE_H

/*
 * Limits how much of a file that a library has mapped is resident, while the
 * library reads all of it. Linux only; elsewhere these do nothing.
 */

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* Empty if nothing was found. */
struct mapped_file {
	char *start;
	size_t len;
	bool is_limited;
#ifdef __linux__
	timer_t timer; /* if is_limited */
#endif
};

/* Finds the first mapping of a file whose name has this suffix. */
void mapped_file_find(const char *suffix, struct mapped_file *ret_file);

/*
 * Until mapped_file_done, gives the pages of the file back every half a
 * millisecond; the kernel has them in its cache, and maps those that are used
 * again. Uses SIGALRM. file must stay where it is, and nothing must have been
 * written to its pages.
 */
void mapped_file_limit(struct mapped_file *file);
void mapped_file_done(struct mapped_file *file);

#endif
