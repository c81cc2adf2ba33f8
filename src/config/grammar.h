/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_GRAMMAR_H
#define CONFIG_GRAMMAR_H

/*
 * What is written where in a configuration: blocks, and values with their
 * places. The values are still anything that an author may write.
 */

#include <stddef.h>

#include "base/error.h"

enum grammar_block {
	GRAMMAR_TOP, /* outside the blocks */
	GRAMMAR_ACCOUNT,
	GRAMMAR_PROVIDER
};

/*
 * Who is told. Each block begins with begin_block (title is NULL at the top)
 * and goes on with its values; a list is joined with "\n". origin is
 * "path:line". All texts are borrowed for the call. -1 ends the reading.
 */
struct grammar_handler {
	void *context;
	int (*begin_block)(void *context, enum grammar_block kind,
	    const char *title, struct error *err);
	int (*set_value)(void *context, const char *name, const char *text,
	    const char *origin, struct error *err);
};

/*
 * Reads the whole text, and only then tells the listener: names it doesn't know
 * and syntax errors are ERROR_CONFIG, "path:line: ...".
 */
int grammar_read(const char *path, const char *text, size_t len,
    const struct grammar_handler *handler, struct error *err);

#endif
