/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_REGION_H
#define CONFIG_REGION_H

/*
 * The region of a server. A provider with a server in each of its regions
 * writes "{region}" for one label of a host name.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

#define REGION_MARK "{region}"

enum {
	REGION_SIZE = 64 /* a label and a NUL (RFC 1035 2.3.4) */
};

/*
 * Returns whether host is one that the pattern stands for, and its region: the
 * label in the place of the mark; "" if the pattern has no mark.
 */
bool region_find(const char *pattern, const char *host,
    char ret_region[REGION_SIZE]);

/*
 * Adds a pattern of len bytes with the region in the place of the mark. Without
 * a region (NULL), ERROR_CONFIG if the pattern has the mark; other errors as
 * for buf_add.
 */
int region_fill(struct buf *text, const char *pattern, size_t len,
    const char *region, struct error *err);

#endif
