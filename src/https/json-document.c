/* SPDX-License-Identifier: MIT */
/*
 * Parses JSON with jansson and reads members of the object. jansson allocates
 * memory through functions of this file, which wipe it when it is freed.
 */
#include "https/json-document.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"

/* Stored before each allocation, so that freeing knows how much to wipe. */
union allocation {
	size_t size;
	max_align_t alignment;
};

static void *json_wiping_malloc(size_t size);
static void json_wiping_free(void *memory);
static json_t *json_document_member(const struct json_document *document,
    const char *name);

struct json_document *
json_document_parse(const struct secret *text, const char *source,
    struct error *err)
{
	json_error_t where;
	json_t *root;

	json_set_alloc_funcs(json_wiping_malloc, json_wiping_free);
	errno = 0;
	/* Don't reject the document because of an integer that overflows. */
	root = json_loadb(secret_bytes(text), secret_len(text),
	    JSON_DECODE_INT_AS_REAL, &where);
	if (json_is_object(root))
		return (struct json_document *)root;
	json_decref(root);
	if (errno == ENOMEM) {
		error_no_memory(err);
		return NULL;
	}
	error_set(err, ERROR_TEMPORARY, "%s: the response is not a JSON object",
	    source);
	error_hint(err,
	    "try again later; if this persists, a proxy may be answering in "
	    "place of %s",
	    source);
	return NULL;
}

void
json_document_free(struct json_document *document)
{
	json_decref((json_t *)document);
}

const char *
json_document_text(const struct json_document *document, const char *name)
{
	return json_string_value(json_document_member(document, name));
}

const char *
json_document_inner_text(const struct json_document *document,
    const char *outer, const char *name)
{
	return json_string_value(
	    json_object_get(json_document_member(document, outer), name));
}

int64_t
json_document_seconds(const struct json_document *document, const char *name,
    int64_t fallback)
{
	const json_t *value = json_document_member(document, name);
	double number = json_real_value(value);
	uint64_t digits = 0;

	if (json_is_string(value) &&
	    text_number(json_string_value(value), INT32_MAX, &digits) == 0)
		return (int64_t)digits;
	if (!json_is_real(value) || number < 0)
		return fallback;
	return number < INT32_MAX ? (int64_t)number : INT32_MAX;
}

bool
json_document_is_true(const struct json_document *document, const char *name)
{
	return json_boolean_value(json_document_member(document, name));
}

bool
json_document_list_has(const struct json_document *document, const char *name,
    const char *text)
{
	const json_t *list = json_document_member(document, name);

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *element =
		    json_string_value(json_array_get(list, i));

		if (element != NULL && strcmp(element, text) == 0)
			return true;
	}
	return false;
}

int
json_document_secret(const struct json_document *document, const char *name,
    struct secret **ret_secret, struct error *err)
{
	const char *text = json_document_text(document, name);
	struct secret *secret = NULL;

	if (text != NULL && *text != '\0') {
		secret = secret_from(text, strlen(text), err);
		if (secret == NULL)
			return -1;
	}
	*ret_secret = secret;
	return 0;
}

static void *
json_wiping_malloc(size_t size)
{
	union allocation *memory = NULL;

	if (size <= SIZE_MAX - sizeof *memory)
		memory = malloc(sizeof *memory + size);
	if (memory == NULL)
		return NULL;
	memory->size = size;
	return memory + 1;
}

static void
json_wiping_free(void *memory)
{
	union allocation *header = memory;

	if (header == NULL)
		return;
	header--;
	secret_wipe(header + 1, header->size);
	free(header);
}

static json_t *
json_document_member(const struct json_document *document, const char *name)
{
	return json_object_get((const json_t *)document, name);
}
