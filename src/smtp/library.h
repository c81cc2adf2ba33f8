/* SPDX-License-Identifier: MIT */
#ifndef SMTP_LIBRARY_H
#define SMTP_LIBRARY_H

/* Loads a library at run time, only where it is used. */

#include <stdbool.h>
#include <stddef.h>

struct library_symbol {
	void *to; /* a pointer of any type, as POSIX dlsym requires */
	const char *name;
};

/*
 * Loads the library and sets the pointers to its symbols. It is never unloaded,
 * because that would lose its data of each thread. Returns false if it, or one
 * of the symbols, is missing.
 */
bool library_open(const char *name, const struct library_symbol *symbols,
    size_t count);

#endif
