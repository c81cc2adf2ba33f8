/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_DOCUMENT_H
#define HTTPS_DOCUMENT_H

/*
 * The JSON that endpoints answer. Tokens are in it, so all memory that it takes
 * is wiped when freed.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"

struct document;

/*
 * Reads one object. who, the server, is for the message: ERROR_TEMPORARY when
 * it is anything else, as a proxy's page. The caller frees. NULL on failure.
 */
struct document *document_parse(const struct secret *text, const char *who,
    struct error *err);

/* Wipes and frees. Accepts NULL. */
void document_free(struct document *document);

/* A member that is a text, or NULL. Borrowed until document_free. */
const char *document_text(const struct document *document, const char *name);

/* A member that is a number of seconds, or a text that is one (Microsoft writes
 * both); fallback when there is none, or a negative one. */
int64_t document_seconds(const struct document *document, const char *name,
    int64_t fallback);

/* Whether a member is true. */
bool document_is_true(const struct document *document, const char *name);

/* Whether a member is a list with this text in it. */
bool document_lists(const struct document *document, const char *name,
    const char *text);

/* Takes a text as a new secret. *ret_secret is NULL when there is no such
 * member, or an empty one. The caller frees. */
int document_secret(const struct document *document, const char *name,
    struct secret **ret_secret, struct error *err);

#endif
