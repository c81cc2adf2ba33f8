/* SPDX-License-Identifier: MIT */
#ifndef COMPOSE_OUTLINE_H
#define COMPOSE_OUTLINE_H

/*
 * The structure of the message: a text and its HTML form are alternatives,
 * inline files are related to the HTML, and attachments are mixed with all that
 * (RFC 2046, RFC 2387).
 */

#include <gmime/gmime.h>

#include "base/error.h"
#include "compose/part-file.h"
#include "compose/text-body.h"

enum {
	OUTLINE_RANDOM_SIZE = 33 /* 128 bits in hexadecimal */
};

struct outline {
	const struct text_body *text; /* may not exist */
	const struct text_body *html;
	const struct part_files *inlines;
	const struct part_files *attachments;
	char random[OUTLINE_RANDOM_SIZE]; /* for the separators of the parts */
};

/* Sets random; the caller sets all else. ERROR_SYSTEM. */
int outline_init(struct outline *outline, struct error *err);

/* Returns the root of the tree; the caller unrefs. Nothing is read before it is
 * written. NULL if there are no parts. */
GMimeObject *outline_build(const struct outline *outline);

#endif
