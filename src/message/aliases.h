/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_ALIASES_H
#define MESSAGE_ALIASES_H

/*
 * The aliases file, as sendmail's: "name: address, address". Names are found
 * without case. Programs, files and :include: lists are refused, but only when
 * mail would go there: most aliases files have some.
 */

#include "base/error.h"
#include "message/address.h"

struct aliases;

/* Reads the file; a missing one is as good as an empty one. ERROR_CONFIG, with
 * file:line. NULL on failure. */
struct aliases *aliases_load(const char *path, struct error *err);

/* Accepts NULL. */
void aliases_free(struct aliases *aliases);

/*
 * Adds what name stands for to list (local names among it are not resolved),
 * and says whether there is such an alias: 1, or 0. -1: ERROR_CONFIG, with
 * file:line.
 */
int aliases_find(const struct aliases *aliases, const char *name,
    struct address_list *list, struct error *err);

#endif
