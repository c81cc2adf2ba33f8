/* SPDX-License-Identifier: MIT */
#ifndef SPOOL_FILE_NAME_H
#define SPOOL_FILE_NAME_H

#include <dirent.h>

#include "base/buf.h"
#include "spool/spool.h"

enum {
	SPOOL_NAME_SIZE = SPOOL_ID_SIZE + 16
};

/* Writes the name of a file of a message: its ID and a suffix. For this layer
 * only. */
void spool_file_name(char out[SPOOL_NAME_SIZE], const char *id,
    const char *suffix);

/* Opens the directory for reading its names. NULL: ERROR_IO. For this layer
 * only. */
DIR *spool_open_listing(const struct spool *spool, struct error *err);

/* Replaces a file, by way of another name. ERROR_CREATE; the old file or the
 * new one is on disk then. For this layer only. */
int spool_replace(const struct spool *spool, const char *name,
    const char *temporary, const struct buf *text, struct error *err);

#endif
