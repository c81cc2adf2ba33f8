/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CONFIG_SCAN_H
#define CONFIG_CONFIG_SCAN_H

/*
 * Finds where a setting is written in the text of a configuration. The text
 * must be one that grammar_read accepts.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/grammar.h"

/* The setting to look for. */
struct config_place {
	enum grammar_block kind;
	const char *title; /* of the block; NULL outside the blocks */
	const char *name;  /* NULL: only the block */
};

/* "name = value": all offsets are in the text. */
struct config_assignment {
	size_t start;
	size_t sign; /* of "=" or "+=" */
	size_t value;
	size_t end;
	bool appends; /* by "+=" */
};

struct config_scan {
	bool has_block;  /* always true outside the blocks */
	size_t body;     /* after "{" */
	size_t body_end; /* "}", or the end of the text */
	bool has_match;  /* the setting is written in this block */
	struct config_assignment match; /* the last time */
	bool has_last; /* the block, without those within it, has settings */
	struct config_assignment last; /* the last of them */
	bool has_blocks;               /* there is any block in the text */
	size_t first_block; /* beginning of the line of the first block, or of
			       the comments right above it */
};

/* ERROR_CONFIG if the text isn't valid. */
int config_scan(const char *text, size_t len, const struct config_place *place,
    struct config_scan *ret_scan, struct error *err);

#endif
