/* SPDX-License-Identifier: MIT */
/*
 * Reads the list of signed fields in DKIM-Signature.
 */
#include "message/signed-fields.h"

#include <string.h>
#include <strings.h>

static bool signature_covers(const struct header_field *signature,
    const struct header_field *field);
static const char *skip_space(const char *at, const char *end);
static const char *find_end(const char *at, const char *end, char separator);
static bool list_has(const char *at, const char *end,
    const struct header_field *field);

bool
signed_fields_cover(const struct header *header,
    const struct header_field *field)
{
	const struct header_field *signature;

	for (size_t i = 0;
	     (signature = header_find(header, "DKIM-Signature", i, &i)) != NULL;
	     i++) {
		if (signature_covers(signature, field))
			return true;
	}
	return false;
}

static bool
signature_covers(const struct header_field *signature,
    const struct header_field *field)
{
	const char *at = signature->value;
	const char *end = at + signature->value_len;

	while (at < end) {
		const char *tag_end = find_end(at, end, ';');

		at = skip_space(at, tag_end);
		if (at < tag_end && (*at == 'h' || *at == 'H')) {
			at = skip_space(at + 1, tag_end);
			if (at < tag_end && *at == '=' &&
			    list_has(at + 1, tag_end, field))
				return true;
		}
		at = tag_end + (tag_end < end);
	}
	return false;
}

static const char *
skip_space(const char *at, const char *end)
{
	while (at < end && memchr(" \t\r\n", *at, 4) != NULL)
		at++;
	return at;
}

static const char *
find_end(const char *at, const char *end, char separator)
{
	const char *found = memchr(at, separator, (size_t)(end - at));

	return found != NULL ? found : end;
}

static bool
list_has(const char *at, const char *end, const struct header_field *field)
{
	while (at < end) {
		const char *name_end = find_end(at, end, ':');
		const char *next = name_end + (name_end < end);

		at = skip_space(at, name_end);
		while (
		    name_end > at && memchr(" \t\r\n", name_end[-1], 4) != NULL)
			name_end--;
		if ((size_t)(name_end - at) == field->name_len &&
		    strncasecmp(at, field->name, field->name_len) == 0)
			return true;
		at = next;
	}
	return false;
}
