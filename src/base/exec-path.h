/* SPDX-License-Identifier: MIT */
#ifndef BASE_EXEC_PATH_H
#define BASE_EXEC_PATH_H

/* Finds the helper programs, which are not in PATH. */

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Adds the absolute path of a helper program to path: in the directory that
 * POSTRIDER_EXEC_PATH names; else beside the running program, or where "make
 * install" puts it relative to that, so that a build tree and a tree made with
 * DESTDIR use their own programs; else in the directory that was configured.
 * The second only if the file and its directory are as well protected as the
 * running program. ERROR_CONFIG if POSTRIDER_EXEC_PATH is not absolute.
 */
int exec_path_find(const char *program, struct buf *path, struct error *err);

/*
 * Whether the program is beside the running one, but is not used because others
 * may change it. Its path is then added to path.
 */
bool exec_path_is_refused(const char *program, struct buf *path);

#endif
