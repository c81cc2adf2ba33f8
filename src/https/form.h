/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_FORM_H
#define HTTPS_FORM_H

/*
 * Writes and reads application/x-www-form-urlencoded data (RFC 6749 B): request
 * bodies and query strings. A form is a struct secret, because its values can
 * include codes and client secrets.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/secret.h"

/* A pair of a form that is being read, still encoded; borrowed from the form.
 */
struct form_pair {
	const char *name;
	size_t name_len;
	const char *value; /* empty if the pair has no "=" */
	size_t value_len;
};

/*
 * Appends name=value, encoded, preceded by "&" unless the form is empty.
 * ERROR_DATA if the form becomes too long; it may then end with part of the
 * pair.
 */
int form_add(struct secret *form, const char *name, const char *value,
    struct error *err);
int form_add_secret(struct secret *form, const char *name,
    const struct secret *value, struct error *err);

/* Appends an encoded value only. */
int form_add_value(struct secret *form, const char *value, struct error *err);

/*
 * Reads the next pair of the *left bytes at *at and advances both past it.
 * Returns false at the end. Empty pairs ("&&") are skipped.
 */
bool form_next(const char **at, size_t *left, struct form_pair *ret_pair);

/* Whether the pair's decoded name equals name. */
bool form_pair_is(const struct form_pair *pair, const char *name);

/*
 * Appends the pair's decoded value to out. ERROR_DATA if a "%" isn't followed
 * by two hexadecimal digits or if out becomes too long; out may then end with
 * part of the value. The message contains nothing of the value.
 */
int form_pair_decode(const struct form_pair *pair, struct secret *out,
    struct error *err);

#endif
