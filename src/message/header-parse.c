/* SPDX-License-Identifier: MIT */
/*
 * Splits the header section into fields. It uses the same line ends as the
 * conversion to CRLF (base/crlf.h), so that the receiver sees the same fields.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/crlf.h"
#include "base/text.h"
#include "message/header.h"

enum {
	NAME_LEN_MAX = 998 /* of a field name */
};

/* The limits of the header section. */
struct section {
	const char *bytes; /* the start of the input */
	const char *start; /* after an mbox line */
	const char *end;   /* after the last field */
	const char *body;  /* after the empty line, if there is one */
	const char *limit; /* the end of the input that may be read */
	bool cut;          /* the message continues after the limit */
	size_t field_count;
};

static const char *skip_mbox_line(const char *bytes, const char *end);
static int find_section(struct section *section, struct error *err);
static const char *next_field(const char *at, const char *end,
    struct header_field *field);
static int end_section(struct section *section, struct error *err);
static int refuse_nul(const struct section *section, const char *end,
    struct error *err);
static int refuse_late_recipients(const struct section *section,
    struct error *err);
static size_t line_number(const struct section *section, const char *at);
static int copy_fields(struct header *header, const struct section *section,
    struct error *err);

int
header_parse(struct header *header, const char *bytes, size_t len, bool at_end,
    struct error *err)
{
	bool too_long = len > HEADER_SIZE_MAX;
	struct section section = {.bytes = bytes,
	    .cut = !at_end || too_long,
	    .limit = bytes + (too_long ? HEADER_SIZE_MAX + 1 : len)};

	header_done(header);
	section.start = skip_mbox_line(bytes, section.limit);
	if (find_section(&section, err) == -1)
		return -1;
	if (section.field_count > 0 &&
	    copy_fields(header, &section, err) == -1) {
		header_done(header);
		return -1;
	}
	header->body_offset = (size_t)(section.body - bytes);
	header->separated = section.body > section.end;
	return 0;
}

/* Skips an mbox line. "From : a@b", with a space, is a field in the old style.
 */
static const char *
skip_mbox_line(const char *bytes, const char *end)
{
	struct header_field field;
	size_t len = (size_t)(end - bytes);

	if (((len >= 6 && memcmp(bytes, ">From ", 6) == 0) ||
		(len >= 5 && memcmp(bytes, "From ", 5) == 0)) &&
	    next_field(bytes, end, &field) == NULL)
		return crlf_next_line(bytes, end);
	return bytes;
}

static int
find_section(struct section *section, struct error *err)
{
	struct header_field field;
	const char *next;

	section->end = section->start;
	while (
	    (next = next_field(section->end, section->limit, &field)) != NULL) {
		section->end = next;
		section->field_count++;
	}
	return end_section(section, err);
}

/*
 * Reads the field at at with its continuation lines. Returns the byte after it,
 * or NULL if no field begins there. A line of white space only continues the
 * field, as receivers treat it.
 */
static const char *
next_field(const char *at, const char *end, struct header_field *field)
{
	const char *name = at;
	const char *name_end;
	const char *next;

	while (at<end && * at> ' ' && *at < 0x7F && *at != ':' &&
	    at - name < NAME_LEN_MAX)
		at++;
	name_end = at;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (name_end == name || at == end || *at != ':')
		return NULL;
	next = crlf_next_line(at, end);
	while (next < end && (*next == ' ' || *next == '\t'))
		next = crlf_next_line(next, end);
	*field = (struct header_field){.name = name,
	    .name_len = (size_t)(name_end - name),
	    .value = at + 1,
	    .value_len = (size_t)(next - at - 1),
	    .raw = name,
	    .raw_len = (size_t)(next - name)};
	while (field->value_len > 0 &&
	    strchr("\r\n", field->value[field->value_len - 1]) != NULL)
		field->value_len--;
	return next;
}

/* Finds the body: no field begins at section->end, but an empty line, another
 * line or the end of the message. */
static int
end_section(struct section *section, struct error *err)
{
	const char *at = section->end;
	const char *next = crlf_next_line(at, section->limit);
	bool is_empty = at < next && (*at == '\r' || *at == '\n');

	/* A truncated line could be a field, and a CR half of a CRLF. */
	if (section->cut && next == section->limit &&
	    (section->field_count > 0 || is_empty ||
		section->limit - at <= NAME_LEN_MAX))
		return error_set(err, ERROR_DATA,
		    "the header section is longer than %d bytes",
		    HEADER_SIZE_MAX);
	section->body = is_empty ? next : at;
	if (refuse_nul(section, next, err) == -1)
		return -1;
	return is_empty ? 0 : refuse_late_recipients(section, err);
}

/*
 * A receiver may ignore a NUL and find a field where none was found here, also
 * in the line that ended the header.
 */
static int
refuse_nul(const struct section *section, const char *end, struct error *err)
{
	const char *start = section->start;
	const char *nul = memchr(start, '\0', (size_t)(end - start));

	if (nul == NULL)
		return 0;
	error_set(err, ERROR_DATA, "header line %zu: contains a NUL byte",
	    line_number(section, nul));
	return error_hint(err, "put an empty line before the body");
}

/*
 * The header ended at a line that is not a field. A recipient field after it
 * would be sent as part of the body: its recipients would get no copy, and the
 * others would see a Bcc.
 */
static int
refuse_late_recipients(const struct section *section, struct error *err)
{
	const char *limit = section->limit;
	size_t line = line_number(section, section->end);
	struct header_field field;

	for (const char *at = crlf_next_line(section->end, limit);
	     at < limit && *at != '\r' && *at != '\n';
	     at = crlf_next_line(at, limit)) {
		if (next_field(at, limit, &field) == NULL ||
		    !header_field_names_recipients(&field))
			continue;
		error_set(err, ERROR_DATA,
		    "line %zu ends the header because it is not a header "
		    "field, but line %zu is a %.*s field",
		    line, line_number(section, at), (int)field.name_len,
		    field.name);
		return error_hint(err,
		    "correct line %zu; if the body begins there, put an empty "
		    "line before it",
		    line);
	}
	return 0;
}

/* Returns the number of the line that contains at, counted from 1. */
static size_t
line_number(const struct section *section, const char *at)
{
	const char *line = section->bytes;
	size_t number = 1;

	while ((line = crlf_next_line(line, section->limit)) <= at &&
	    line < section->limit)
		number++;
	return number;
}

static int
copy_fields(struct header *header, const struct section *section,
    struct error *err)
{
	size_t len = (size_t)(section->end - section->start);
	const char *at = header->bytes = text_copy(section->start, len);

	header->field = calloc(section->field_count, sizeof *header->field);
	if (header->bytes == NULL || header->field == NULL)
		return error_no_memory(err);
	while (header->count < section->field_count) {
		at = next_field(at, header->bytes + len,
		    &header->field[header->count++]);
		assert(at != NULL);
	}
	return 0;
}
