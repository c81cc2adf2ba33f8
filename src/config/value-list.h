/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_VALUE_LIST_H
#define CONFIG_VALUE_LIST_H

/*
 * A list as one string: non-empty elements joined with "\n". Settings and
 * providers store lists in this form.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Adds the list that a text stands for, whose elements are separated by commas
 * or line ends; spaces around them and empty elements are dropped. On failure
 * part of it may be added; errors as for buf_add.
 */
int value_list_parse(const char *text, struct buf *list, struct error *err);

/*
 * Gets the next element of a list and advances *at, which is the list at first
 * and may be NULL. Returns false after the last element. No NUL ends the
 * element.
 */
bool value_list_next(const char **at, const char **ret_element,
    size_t *ret_len);

/* Copies the elements; the caller frees them with value_list_free. */
int value_list_split(const char *text, char ***ret_element, size_t *ret_count,
    struct error *err);

void value_list_free(char **element, size_t count);

#endif
