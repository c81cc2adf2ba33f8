/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_GRAMMAR_H
#define CONFIG_GRAMMAR_H

/*
 * Parses the text of a configuration into blocks and values, each with its
 * line. Doesn't check the values.
 */

#include <stddef.h>

#include "base/error.h"

enum grammar_block {
	GRAMMAR_TOP, /* outside the blocks */
	GRAMMAR_ACCOUNT,
	GRAMMAR_PROVIDER
};

/*
 * Receives the contents. begin_block is called for each block (title is NULL
 * outside the blocks), then set_value for each of its values; the elements of a
 * list are joined with "\n". origin is "path:line". The texts are valid during
 * the call only. If one returns -1, grammar_read fails.
 */
struct grammar_handler {
	void *context;
	int (*begin_block)(void *context, enum grammar_block kind,
	    const char *title, struct error *err);
	int (*set_value)(void *context, const char *name, const char *text,
	    const char *origin, struct error *err);
};

/*
 * Parses the whole text, then calls the handler. ERROR_CONFIG for unknown names
 * and syntax errors; the message begins with "path:line".
 */
int grammar_read(const char *path, const char *text, size_t len,
    const struct grammar_handler *handler, struct error *err);

#endif
