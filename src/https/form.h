/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_FORM_H
#define HTTPS_FORM_H

/*
 * application/x-www-form-urlencoded (RFC 6749 B): the body of a request to a
 * token endpoint, and the query string of a redirect. A form is a struct
 * secret, because codes and client secrets are among its values.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/secret.h"

/* One pair of a form that is read: still encoded, and borrowed from it. */
struct form_pair {
	const char *name;
	size_t name_len;
	const char *value; /* empty when there was no "=" */
	size_t value_len;
};

/*
 * Adds name=value, encoded, and "&" before it when the form isn't empty.
 * ERROR_DATA when the form gets too long: it may then hold a part of it.
 */
int form_add(struct secret *form, const char *name, const char *value,
    struct error *err);
int form_add_secret(struct secret *form, const char *name,
    const struct secret *value, struct error *err);

/* Adds only a value, encoded. */
int form_add_value(struct secret *form, const char *value, struct error *err);

/*
 * Takes the next pair off the *left bytes at *at and moves both behind it.
 * False when there is none left. Empty pairs ("&&") are passed over.
 */
bool form_next(const char **at, size_t *left, struct form_pair *ret_pair);

/* Whether the pair's name is this one, once decoded. */
bool form_pair_is(const struct form_pair *pair, const char *name);

/*
 * Adds the pair's value, decoded, at the end of out. ERROR_DATA when a "%" is
 * no encoding, or out gets too long: it may then hold a part of it. The message
 * names nothing of the value.
 */
int form_pair_decode(const struct form_pair *pair, struct secret *out,
    struct error *err);

#endif
