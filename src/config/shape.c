/* SPDX-License-Identifier: MIT */
/*
 * Compares texts with descriptions of their form. Knows no provider, and keeps
 * nothing of what it compares.
 */
#include "config/shape.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/value-list.h"

enum {
	COUNT_DIGITS_MAX = 3
};

static const char begins_with[] = "begins with ";

/* What each character of a counted shape is. */
typedef bool shape_test(char c);

static shape_test is_letter, is_letter_or_digit, is_hex_digit, is_any;

static const struct {
	const char *name;
	shape_test *test;
} classes[] = {{"letters", is_letter},
    {"letters or digits", is_letter_or_digit}, {"hex digits", is_hex_digit},
    {"characters", is_any}};

/* A description, taken apart. */
struct shape {
	shape_test *test; /* of `count` characters; or NULL */
	size_t count;
	const char *text; /* a prefix or a form; not ended by NUL */
	size_t len;
	bool is_prefix;
};

static bool shape_parse(struct shape *shape, const char *text, size_t len);
static bool shape_parse_count(struct shape *shape, const char *text,
    size_t len);
static bool shape_fits_one(const struct shape *shape, const char *bytes,
    size_t len);
static bool shape_fits_form(const struct shape *shape, const char *bytes,
    size_t len);

bool
shape_is_valid(const char *shape, size_t len)
{
	struct shape ignored;

	return shape_parse(&ignored, shape, len);
}

bool
shape_fits(const char *shapes, const char *bytes, size_t len)
{
	const char *element;
	size_t element_len;

	while (value_list_next(&shapes, &element, &element_len)) {
		struct shape shape;

		if (shape_parse(&shape, element, element_len) &&
		    shape_fits_one(&shape, bytes, len))
			return true;
	}
	return false;
}

void
shape_describe(const char *shapes, char *out, size_t size)
{
	const char *element;
	size_t len;
	size_t used = 0;

	*out = '\0';
	while (used < size && value_list_next(&shapes, &element, &len)) {
		struct shape shape;
		const char *verb = "";

		if (!shape_parse(&shape, element, len))
			continue;
		if (!shape.is_prefix)
			verb = shape.test != NULL ? "has " : "has the form ";
		used += (size_t)snprintf(out + used, size - used, "%s%s%.*s",
		    used > 0 ? " or " : "", verb, (int)len, element);
	}
}

static bool
shape_parse(struct shape *shape, const char *text, size_t len)
{
	size_t prefix = strlen(begins_with);

	memset(shape, 0, sizeof *shape);
	if (len > prefix && strncmp(text, begins_with, prefix) == 0) {
		shape->text = text + prefix;
		shape->len = len - prefix;
		shape->is_prefix = true;
		return true;
	}
	if (len > 0 && isdigit((unsigned char)text[0]))
		return shape_parse_count(shape, text, len);
	shape->text = text;
	shape->len = len;
	for (size_t i = 0; i < len; i++) {
		if (text[i] != 'x' && text[i] != '-')
			return false;
	}
	return len > 0;
}

/* "16 letters" */
static bool
shape_parse_count(struct shape *shape, const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && i < COUNT_DIGITS_MAX &&
	    isdigit((unsigned char)text[i])) {
		shape->count = 10 * shape->count + (size_t)(text[i] - '0');
		i++;
	}
	if (i == len || text[i] != ' ')
		return false;
	i++;
	for (size_t j = 0; j < sizeof classes / sizeof *classes; j++) {
		if (text_is(text + i, len - i, classes[j].name))
			shape->test = classes[j].test;
	}
	return shape->test != NULL;
}

static bool
shape_fits_one(const struct shape *shape, const char *bytes, size_t len)
{
	size_t count = 0;

	if (shape->is_prefix)
		return len > shape->len &&
		    memcmp(bytes, shape->text, shape->len) == 0;
	if (shape->test == NULL)
		return shape_fits_form(shape, bytes, len);
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == ' ')
			continue;
		if (!shape->test(bytes[i]))
			return false;
		count++;
	}
	return count == shape->count;
}

static bool
shape_fits_form(const struct shape *shape, const char *bytes, size_t len)
{
	if (len != shape->len)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (shape->text[i] == 'x' ? !is_letter_or_digit(bytes[i])
					  : bytes[i] != shape->text[i])
			return false;
	}
	return true;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_letter_or_digit(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

static bool
is_hex_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	    (c >= 'A' && c <= 'F');
}

static bool
is_any(char c)
{
	(void)c;
	return true;
}
