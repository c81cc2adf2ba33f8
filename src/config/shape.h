/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_SHAPE_H
#define CONFIG_SHAPE_H

/*
 * The shapes that a provider's passwords, keys or user names have, as its block
 * describes them for people and for this program:
 *
 *   16 letters, 12 letters or digits, 32 hex digits, 44 characters
 *   begins with SG.
 *   xxxx-xxxx-xxxx-xxxx	an x stands for a letter or a digit
 */

#include <stdbool.h>
#include <stddef.h>

/* Returns whether a text of len bytes is such a description. */
bool shape_is_valid(const char *shape, size_t len);

/*
 * Returns whether the bytes have one of the shapes, a list
 * (config/value-list.h). Spaces in them are ignored, because sites show
 * passwords in groups.
 */
bool shape_fits(const char *shapes, const char *bytes, size_t len);

/* Writes "has 16 letters", "begins with SG." or "has the form xxxx-xxxx"; more
 * than one are joined by "or". */
void shape_describe(const char *shapes, char *out, size_t size);

#endif
