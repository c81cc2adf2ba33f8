/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_ALIASES_H
#define MESSAGE_ALIASES_H

/*
 * Reads an aliases file in sendmail's format: "name: address, address". Names
 * are case-insensitive. Programs, files and :include: lists are not supported;
 * an alias that has one is an error only when it is used, because most aliases
 * files contain some.
 */

#include "base/error.h"
#include "message/address.h"

struct aliases;

/* Reads the file; a missing file counts as empty. Returns NULL on failure:
 * ERROR_CONFIG with file:line. */
struct aliases *aliases_load(const char *path, struct error *err);

/* Accepts NULL. */
void aliases_free(struct aliases *aliases);

/*
 * Adds the addresses of the alias name to list; does not resolve aliases among
 * them. Returns 1, or 0 if there is no such alias, or -1: ERROR_CONFIG with
 * file:line.
 */
int aliases_find(const struct aliases *aliases, const char *name,
    struct address_list *list, struct error *err);

#endif
