/* SPDX-License-Identifier: MIT */
#ifndef SPOOL_FILE_H
#define SPOOL_FILE_H

/* The files in the directory of the queue. For this layer only. */

#include <dirent.h>
#include <stdbool.h>

#include "base/buf.h"
#include "spool/id.h"
#include "spool/spool.h"

enum {
	SPOOL_NAME_SIZE = SPOOL_ID_SIZE + 16
};

/* Writes the name of a file of a message: its ID and a suffix. */
void spool_file_name(char ret_name[SPOOL_NAME_SIZE], const char *id,
    const char *suffix);

/* Returns whether a file of a message with this suffix has this name; sets the
 * ID of the message. */
bool spool_file_parse(const char *name, const char *suffix,
    char ret_id[SPOOL_ID_SIZE]);

/* Whether the message has a file with this suffix, or may have. */
bool spool_file_exists(const struct spool *spool, const char *id,
    const char *suffix);

/* Replaces a file, by way of another name. ERROR_CREATE; the old file or the
 * new one is on disk then. */
int spool_file_replace(const struct spool *spool, const char *name,
    const char *temporary, const struct buf *text, struct error *err);

/* Opens the directory for reading its names. NULL: ERROR_IO. */
DIR *spool_open_listing(const struct spool *spool, struct error *err);

#endif
