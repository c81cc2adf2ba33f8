/* SPDX-License-Identifier: MIT */
/*
 * Finds, removes, appends and writes header fields. The parser is in
 * header-parse.c.
 */
#include "message/header.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	FOLD_WIDTH = 76 /* RFC 2047 section 2 */
};

static const char *const recipient_names[] = {"To", "Cc", "Bcc"};
static const char *const resent_names[] = {"Resent-To", "Resent-Cc",
    "Resent-Bcc"};
static const char *const stripped_names[] = {"Bcc", "Resent-Bcc", "Return-Path",
    "Content-Length"};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool is_among(const struct header_field *field,
    const char *const names[], size_t name_count);
static int add_addresses(const struct header_field *field,
    struct address_list *list, struct error *err);
static int format_field(struct buf *out, const char *name, const char *value,
    const char *line_end, struct error *err);
static size_t find_fold(const char *value, size_t used);
static const char *line_end_of(const struct header *header);
static bool is_open(const struct header_field *field);

void
header_init(struct header *header)
{
	memset(header, 0, sizeof *header);
}

void
header_done(struct header *header)
{
	for (size_t i = 0; i < header->count; i++)
		free(header->field[i].owned);
	free(header->field);
	free(header->bytes);
	header_init(header);
}

const struct header_field *
header_find(const struct header *header, const char *name, size_t from,
    size_t *ret_index)
{
	for (size_t i = from; i < header->count; i++) {
		const struct header_field *field = &header->field[i];

		if (text_is(field->name, field->name_len, name)) {
			if (ret_index != NULL)
				*ret_index = i;
			return field;
		}
	}
	return NULL;
}

const struct header_field *
header_find_resent(const struct header *header, size_t *ret_index)
{
	static const char prefix[] = "Resent-";
	size_t len = strlen(prefix);

	for (size_t i = 0; i < header->count; i++) {
		const struct header_field *field = &header->field[i];

		if (field->name_len <= len ||
		    !text_is(field->name, len, prefix))
			continue;
		if (ret_index != NULL)
			*ret_index = i;
		return field;
	}
	return NULL;
}

bool
header_field_names_recipients(const struct header_field *field)
{
	return is_among(field, recipient_names, COUNT(recipient_names)) ||
	    is_among(field, resent_names, COUNT(resent_names));
}

int
header_recipients(const struct header *header, struct address_list *list,
    struct error *err)
{
	const char *const *names = recipient_names;

	for (size_t i = 0; i < header->count; i++) {
		if (is_among(&header->field[i], resent_names,
			COUNT(resent_names)))
			names = resent_names;
	}
	for (size_t i = 0; i < header->count; i++) {
		const struct header_field *field = &header->field[i];

		if (is_among(field, names, COUNT(recipient_names)) &&
		    add_addresses(field, list, err) == -1)
			return -1;
	}
	return 0;
}

int
header_senders(const struct header *header, struct address_list *list,
    struct error *err)
{
	const struct header_field *from = header_find(header, "From", 0, NULL);

	return from != NULL ? add_addresses(from, list, err) : 0;
}

int
header_resenders(const struct header *header, struct address_list *list,
    struct error *err)
{
	const struct header_field *from =
	    header_find(header, "Resent-From", 0, NULL);

	return from != NULL ? add_addresses(from, list, err) : 0;
}

void
header_strip(struct header *header)
{
	size_t kept = 0;

	for (size_t i = 0; i < header->count; i++) {
		struct header_field *field = &header->field[i];

		if (is_among(field, stripped_names, COUNT(stripped_names)))
			free(field->owned);
		else
			header->field[kept++] = *field;
	}
	header->count = kept;
}

int
header_append(struct header *header, const char *name, const char *value,
    struct error *err)
{
	struct header_field *grown;
	struct header_field *field;
	struct buf raw;

	if (!text_is_one_line(name, strlen(name)) ||
	    !text_is_one_line(value, strlen(value)))
		return error_set(err, ERROR_DATA,
		    "header field \"%s\": line end in the value \"%s\"", name,
		    value);
	grown = realloc(header->field, (header->count + 1) * sizeof *grown);
	if (grown == NULL)
		return error_no_memory(err);
	header->field = grown;
	buf_init(&raw, HEADER_SIZE_MAX);
	if (format_field(&raw, name, value, line_end_of(header), err) == -1) {
		buf_done(&raw);
		return -1;
	}
	field = &header->field[header->count++];
	*field = (struct header_field){.name = raw.data,
	    .name_len = strlen(name),
	    .raw = raw.data,
	    .raw_len = raw.len};
	field->value = field->name + field->name_len + 1;
	field->value_len =
	    field->raw_len - field->name_len - 1 - strlen(line_end_of(header));
	field->owned = buf_take(&raw);
	return 0;
}

int
header_insert(struct header *header, size_t index, const char *name,
    const char *value, struct error *err)
{
	struct header_field added;

	if (header_append(header, name, value, err) == -1)
		return -1;
	added = header->field[header->count - 1];
	memmove(&header->field[index + 1], &header->field[index],
	    (header->count - 1 - index) * sizeof *header->field);
	header->field[index] = added;
	return 0;
}

int
header_replace_value(struct header *header, size_t index, const char *value,
    size_t len, struct error *err)
{
	struct header_field *field = &header->field[index];
	const char *rest = field->value + field->value_len;
	size_t before = (size_t)(field->value - field->raw);
	size_t name_offset = (size_t)(field->name - field->raw);
	struct buf raw;

	buf_init(&raw, HEADER_SIZE_MAX);
	if (buf_add(&raw, field->raw, before, err) == -1 ||
	    buf_add(&raw, value, len, err) == -1 ||
	    buf_add(&raw, rest, (size_t)(field->raw + field->raw_len - rest),
		err) == -1) {
		buf_done(&raw);
		return -1;
	}
	free(field->owned);
	field->raw_len = raw.len;
	field->raw = field->owned = buf_take(&raw);
	field->name = field->raw + name_offset;
	field->value = field->raw + before;
	field->value_len = len;
	return 0;
}

void
header_remove(struct header *header, size_t index)
{
	free(header->field[index].owned);
	header->count--;
	memmove(&header->field[index], &header->field[index + 1],
	    (header->count - index) * sizeof *header->field);
}

int
header_write(const struct header *header, struct buf *out, struct error *err)
{
	const char *line_end = line_end_of(header);

	for (size_t i = 0; i < header->count; i++) {
		const struct header_field *field = &header->field[i];

		if (buf_add(out, field->raw, field->raw_len, err) == -1)
			return -1;
		if (is_open(field) && buf_add_text(out, line_end, err) == -1)
			return -1;
	}
	/* A single LF after a stray CR would form one line end with it. */
	if (out->len > 0 && out->data[out->len - 1] == '\r')
		line_end = "\r\n";
	return buf_add_text(out, line_end, err);
}

static bool
is_among(const struct header_field *field, const char *const names[],
    size_t name_count)
{
	for (size_t i = 0; i < name_count; i++) {
		if (text_is(field->name, field->name_len, names[i]))
			return true;
	}
	return false;
}

static int
add_addresses(const struct header_field *field, struct address_list *list,
    struct error *err)
{
	char what[32];

	text_printable(what, sizeof what, field->name, field->name_len);
	return address_list_parse(list, field->value, field->value_len, what,
	    err);
}

/* Folds long values at single spaces, which changes nothing that they mean. */
static int
format_field(struct buf *out, const char *name, const char *value,
    const char *line_end, struct error *err)
{
	size_t used = strlen(name) + 2;

	if (buf_addf(out, err, "%s: ", name) == -1)
		return -1;
	for (;;) {
		size_t fold = find_fold(value, used);

		if (buf_add(out, value, fold, err) == -1 ||
		    buf_add_text(out, line_end, err) == -1)
			return -1;
		value += fold;
		if (*value == '\0')
			return 0;
		used = 0;
	}
}

/* Returns how much of value fits on a line on which used columns are taken. */
static size_t
find_fold(const char *value, size_t used)
{
	size_t len = strlen(value);
	size_t fold = 0;

	if (used + len <= FOLD_WIDTH)
		return len;
	for (size_t i = 1; i + 1 < len; i++) {
		if (fold > 0 && used + i > FOLD_WIDTH)
			break;
		if (value[i] == ' ' && value[i - 1] != ' ' &&
		    value[i + 1] != ' ')
			fold = i;
	}
	return fold > 0 ? fold : len;
}

/* Returns the line end that this header uses; LF if it has none. */
static const char *
line_end_of(const struct header *header)
{
	for (size_t i = 0; i < header->count; i++) {
		const struct header_field *field = &header->field[i];

		if (!is_open(field))
			return field->raw_len > 1 &&
				field->raw[field->raw_len - 2] == '\r'
			    ? "\r\n"
			    : "\n";
	}
	return "\n";
}

/* Whether the message ended in this field, without a line end. */
static bool
is_open(const struct header_field *field)
{
	char last = field->raw[field->raw_len - 1];

	return last != '\n' && last != '\r';
}
