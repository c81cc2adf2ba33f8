/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_REMEDY_MARK_H
#define SUBMIT_REMEDY_MARK_H

/*
 * The marks of a hint, such as "{user}"; remedies.conf lists them.
 */

#include <stdbool.h>
#include <stddef.h>

#include "submit/evidence.h"

enum {
	REMEDY_MARK_SIZE = 512
};

/* Returns the length of the mark at the beginning of the text, 0 if there is
 * none, and writes its value; "" if it has none here. */
size_t remedy_mark_write(const struct evidence *evidence, const char *text,
    size_t len, char value[REMEDY_MARK_SIZE]);

/* Returns whether the text is a mark. */
bool remedy_mark_is_known(const char *text, size_t len);

#endif
