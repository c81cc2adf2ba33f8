/* SPDX-License-Identifier: MIT */
#ifndef COMPOSE_FLOWED_H
#define COMPOSE_FLOWED_H

/* Formats text as "format=flowed" (RFC 3676): a long line is divided at spaces,
 * and the reader's program joins it again. */

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Appends one line of text, given without its line end, as one line or more
 * that end with LF. Leading ">" are quote marks. Spaces at the end of the line
 * are removed, except in the signature line "-- ".
 */
int flowed_add_line(struct buf *out, const char *line, size_t len,
    struct error *err);

#endif
