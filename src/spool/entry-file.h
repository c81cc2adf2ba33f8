/* SPDX-License-Identifier: MIT */
#ifndef SPOOL_ENTRY_FILE_H
#define SPOOL_ENTRY_FILE_H

/*
 * The file with the state of a message: lines "NAME VALUE", which begin with
 * its version and end with a line "end". For this layer only.
 */

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "spool/entry.h"

enum {
	SPOOL_VERSION = 2, /* 1: no recipient has texts of RFC 3461 */
	SPOOL_STATE_MAX = 16777216
};

/* Formats the file, in the oldest version that can express it. ERROR_DATA: a
 * text has more than one line. */
int spool_entry_format(const struct spool_entry *entry, struct buf *out,
    struct error *err);

/*
 * Reads what spool_entry_format wrote into an empty entry; name is used in
 * errors. ERROR_DATA: it is damaged; ERROR_CONFIG: it is of a newer version.
 */
int spool_entry_parse(struct spool_entry *entry, const char *text, size_t len,
    const char *name, struct error *err);

#endif
