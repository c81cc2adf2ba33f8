/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CONFIG_VALUE_H
#define CONFIG_CONFIG_VALUE_H

/* Writes values so that the configuration reads them as they were. */

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/* Adds a value, in quotes if necessary, or a list in braces. The elements of a
 * list are joined with "\n". */
int config_value_write(struct buf *out, const char *value, bool is_list,
    struct error *err);

/* Adds a word, in quotes if necessary. */
int config_value_write_word(struct buf *out, const char *word, size_t len,
    struct error *err);

#endif
