/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CONFIG_FILE_H
#define CONFIG_CONFIG_FILE_H

/* Reads a configuration file that no other user can have written. */

#include <sys/stat.h>

#include "base/buf.h"
#include "base/error.h"

enum {
	CONFIG_FILE_MAX = 1 << 20 /* bytes */
};

/*
 * Adds the contents of the file to text, after checking its owner and mode
 * (FILE_TRUSTED in base/file.h). ERROR_CONFIG; err->sys_errno is ENOENT if
 * there is no such file.
 */
int config_file_read(const char *path, struct buf *text,
    struct stat *ret_status, struct error *err);

/*
 * Returns the path of the file that config_load reads for path or, if there is
 * none, that of the user's. The caller frees it.
 */
char *config_file_find(const char *path, struct error *err);

/*
 * Returns the path of the file to change: path or, if that is NULL, the user's
 * configuration; if it is a symbolic link, the file that it leads to, because
 * the link itself would be replaced. The caller frees it.
 */
char *config_file_target(const char *path, struct error *err);

#endif
