/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_JSON_DOCUMENT_H
#define HTTPS_JSON_DOCUMENT_H

/*
 * The JSON that endpoints answer. Tokens are in it, so all memory that it takes
 * is wiped when freed.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"

struct json_document;

/*
 * Reads one object. who, the server, is for the message: ERROR_TEMPORARY when
 * it is anything else, as a proxy's page. The caller frees. NULL on failure.
 */
struct json_document *json_document_parse(const struct secret *text,
    const char *who, struct error *err);

/* Wipes and frees. Accepts NULL. */
void json_document_free(struct json_document *document);

/* A member that is a text, or NULL. Borrowed until json_document_free. */
const char *json_document_text(const struct json_document *document,
    const char *name);

/* A member that is a number of seconds, or a text that is one (Microsoft writes
 * both); fallback when there is none, or a negative one. */
int64_t json_document_seconds(const struct json_document *document,
    const char *name, int64_t fallback);

/* Whether a member is true. */
bool json_document_is_true(const struct json_document *document,
    const char *name);

/* Whether a member is a list with this text in it. */
bool json_document_list_has(const struct json_document *document,
    const char *name, const char *text);

/* Takes a text as a new secret. *ret_secret is NULL when there is no such
 * member, or an empty one. The caller frees. */
int json_document_secret(const struct json_document *document, const char *name,
    struct secret **ret_secret, struct error *err);

#endif
