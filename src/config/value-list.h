/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_VALUE_LIST_H
#define CONFIG_VALUE_LIST_H

/*
 * A list as one text: its elements joined with "\n", none of them empty. That
 * is how layers and providers keep lists.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Steps through a list: *at is its text at first (NULL is an empty list).
 * Returns false after the last element. The element does not end with NUL.
 */
bool value_list_next(const char **at, const char **ret_element,
    size_t *ret_len);

/* The elements as strings. The caller frees with value_list_free. */
int value_list_split(const char *text, char ***ret_element, size_t *ret_count,
    struct error *err);

void value_list_free(char **element, size_t count);

#endif
