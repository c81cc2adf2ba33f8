/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_NORMALIZE_H
#define CONFIG_NORMALIZE_H

/*
 * Brings the text of a configuration into a form in which libconfuse reads what
 * the author sees. libconfuse's own scanner drops characters that it doesn't
 * know ("me+list@x" loses its tail, "*@x" its star), replaces ${NAME} from the
 * environment, ends strings at "\0", takes the end of the file for the end of a
 * block, and loses count of lines at comments.
 */

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Adds the cleaned text to out: comments are gone, every word is quoted, lines
 * are where they were. A byte order mark and CRLF are accepted. Refused with
 * "path:line: ..." and ERROR_CONFIG: NUL and other control characters, a string
 * that isn't closed on its line, a comment or brace that isn't closed, ${NAME}
 * (write it in single quotes), escapes but \" \' \\ \$ in double quotes.
 */
int normalize_config(const char *path, const char *text, size_t len,
    struct buf *out, struct error *err);

#endif
