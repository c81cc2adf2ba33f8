/* SPDX-License-Identifier: MIT */
#ifndef VAULT_FILTER_H
#define VAULT_FILTER_H

/*
 * A command of the user's that turns a text into another: encrypts or decrypts.
 * A shell runs it. It gets the text on stdin and nowhere else, and doesn't
 * inherit POSTRIDER_PASSWORD. SIGPIPE must be ignored.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/secret.h"

struct filter {
	const char *name; /* what messages call it; never the command */
	const char *command;
	int64_t deadline_ms;
	enum error_code failure; /* the code when the command fails */
};

/*
 * Hands len bytes to the command, and adds all that it writes. One that fails,
 * doesn't read everything or writes nothing is an error with the filter's code,
 * and its last line on stderr; ERROR_TEMPORARY at the deadline; ERROR_DATA when
 * it writes more than there is room for. What was added on failure means
 * nothing.
 */
int filter_to_buf(const struct filter *filter, const void *bytes, size_t len,
    struct buf *out, struct error *err);
int filter_to_secret(const struct filter *filter, const void *bytes, size_t len,
    struct secret *out, struct error *err);

#endif
