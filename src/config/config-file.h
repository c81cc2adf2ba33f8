/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CONFIG_FILE_H
#define CONFIG_CONFIG_FILE_H

/* A configuration file as bytes that may be believed. */

#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"

enum {
	CONFIG_FILE_MAX = 1 << 20 /* bytes */
};

/*
 * Adds the file at path to text and gives its mode, after checking on the open
 * descriptor that no other user could have written it. ERROR_CONFIG;
 * err->sys_errno tells a file that isn't there from the rest.
 */
int config_file_read(const char *path, struct buf *text, mode_t *ret_mode,
    struct error *err);

#endif
