/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_NORMALIZE_H
#define CONFIG_NORMALIZE_H

/*
 * Rewrites a configuration so that libconfuse reads it as written. libconfuse
 * drops characters that it doesn't know ("me+list@x" becomes "me", "*@x" loses
 * its star), replaces ${NAME} by environment variables, truncates strings at
 * "\0", accepts a file that ends within a block, and miscounts lines after
 * comments.
 */

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Adds the rewritten text to out: comments are removed and all words quoted;
 * line numbers are unchanged. Accepts a byte order mark and CRLF. ERROR_CONFIG,
 * with "path:line", for NUL and other control characters, a string that isn't
 * closed on its line, a comment or brace that isn't closed, ${NAME} outside
 * single quotes, and, in double quotes, escapes other than \" \' \\ \$.
 */
int normalize_config(const char *path, const char *text, size_t len,
    struct buf *out, struct error *err);

#endif
