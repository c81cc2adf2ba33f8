/* SPDX-License-Identifier: MIT */
#ifndef CLI_COMPOSITION_H
#define CLI_COMPOSITION_H

/*
 * What a message is to be composed of: options of postrider-compose(1) and
 * their values, and the recipients of --bcc, which it is not told.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define COMPOSE_TO "--to"
#define COMPOSE_CC "--cc"
#define COMPOSE_BCC "--bcc"
#define COMPOSE_REPLY_TO "--reply-to"
#define COMPOSE_SUBJECT "--subject"
#define COMPOSE_IN_REPLY_TO "--in-reply-to"
#define COMPOSE_HEADER "--header"
#define COMPOSE_BODY "--body"
#define COMPOSE_INPUT "-" /* --body: standard input */
#define COMPOSE_HTML "--html"
#define COMPOSE_INLINE "--inline"
#define COMPOSE_ATTACH "--attach"

/* Pairs of a name and a value, in order. */
struct composition {
	struct composition_part {
		char *name;
		char *value;
	} * part;
	size_t count;
};

/* A composition of zeros is empty. */
void composition_done(struct composition *composition);

/* Adds a part; copies both. ERROR_SYSTEM. */
int composition_add(struct composition *composition, const char *name,
    const char *value, struct error *err);

/* Removes the parts of that name. */
void composition_remove(struct composition *composition, const char *name);

/* Returns the value of the first part of that name at or after index *at, and
 * sets *at to the index after it; NULL if there is none. Borrowed. */
const char *composition_next(const struct composition *composition,
    const char *name, size_t *at);

/* Returns the first value, or NULL. Borrowed. */
const char *composition_find(const struct composition *composition,
    const char *name);

/*
 * Returns the recipients, those of --to, --cc and --bcc, each of which may be a
 * list: an array that the caller frees, with borrowed elements. NULL on
 * failure: ERROR_USAGE if there are none, ERROR_DATA if an address is invalid.
 */
char **composition_recipients(const struct composition *composition,
    size_t *ret_count, struct error *err);

/* Whether --header sets From, which selects an account. */
bool composition_has_from(const struct composition *composition);

/* Fails if a file of the composition cannot be read, to say so before a person
 * writes a text. ERROR_INPUT. */
int composition_check_files(const struct composition *composition,
    struct error *err);

#endif
