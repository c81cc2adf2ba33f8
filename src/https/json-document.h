/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_JSON_DOCUMENT_H
#define HTTPS_JSON_DOCUMENT_H

/*
 * A JSON object received from an endpoint. It can contain tokens, so all of its
 * memory is wiped when freed.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"

struct json_document;

/*
 * Parses text as one JSON object. Returns NULL with ERROR_TEMPORARY if it is
 * anything else, such as the error page of a proxy; the message then begins
 * with source, a URL or host. The caller frees with json_document_free.
 */
struct json_document *json_document_parse(const struct secret *text,
    const char *source, struct error *err);

/* Wipes and frees the document. Accepts NULL. */
void json_document_free(struct json_document *document);

/* The string in the member name, or NULL if there is none. Borrowed until
 * json_document_free. */
const char *json_document_text(const struct json_document *document,
    const char *name);

/* The same of the object in the member outer. */
const char *json_document_inner_text(const struct json_document *document,
    const char *outer, const char *name);

/*
 * The number of seconds in a member. A string of digits is accepted too:
 * Microsoft sends both. Returns fallback if there is no such member, or if it
 * is negative or anything else.
 */
int64_t json_document_seconds(const struct json_document *document,
    const char *name, int64_t fallback);

/* Whether a member is the literal true. */
bool json_document_is_true(const struct json_document *document,
    const char *name);

/* Whether a member is an array that contains the string text. */
bool json_document_list_has(const struct json_document *document,
    const char *name, const char *text);

/* Copies a string to a new secret, which the caller frees. *ret_secret is NULL
 * if there is no such member or if it is empty. */
int json_document_secret(const struct json_document *document, const char *name,
    struct secret **ret_secret, struct error *err);

#endif
