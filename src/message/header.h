/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_HEADER_H
#define MESSAGE_HEADER_H

/*
 * Parses and changes the header section of a message. The recipients for -t and
 * the fields to remove are found in the same parsed fields, so that a Bcc that
 * counts as one is always removed.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "message/address.h"

enum {
	HEADER_SIZE_MAX = 1048576, /* bytes of a whole header section */
};

struct header_field {
	const char *name; /* as written, without white space before ":" */
	size_t name_len;
	const char *value; /* after ":", including folded lines */
	size_t value_len;
	const char *raw; /* the whole field with its line ends */
	size_t raw_len;
	char *owned; /* if it was appended, the memory of the others */
};

struct header {
	char *bytes; /* the fields point into it; owned */
	struct header_field *field;
	size_t count;
	size_t body_offset; /* where the body begins in the source */
	bool separated;     /* an empty line separates header and body */
};

void header_init(struct header *header);
void header_done(struct header *header);

/*
 * Parses the header section at the start of bytes and replaces the content of
 * header. at_end: the message has no more bytes than these; otherwise pass more
 * than HEADER_SIZE_MAX. An initial mbox line ("From " or ">From ") is skipped.
 * The first line that is not a field ends the header, even without an empty
 * line. Line ends are LF, CRLF or a stray CR. ERROR_DATA if the section or the
 * line that ends it contains a NUL, if a recipient field follows that line
 * before the first empty line within HEADER_SIZE_MAX, or if the section is
 * longer than HEADER_SIZE_MAX; header is then empty.
 */
int header_parse(struct header *header, const char *bytes, size_t len,
    bool at_end, struct error *err);

/*
 * Returns the first field of that name at or after index from, or NULL.
 * ret_index may be NULL. Borrowed until the header changes.
 */
const struct header_field *header_find(const struct header *header,
    const char *name, size_t from, size_t *ret_index);

/* Returns whether it is To, Cc, Bcc, Resent-To, Resent-Cc or Resent-Bcc. */
bool header_field_names_recipients(const struct header_field *field);

/*
 * Adds the recipients in To, Cc and Bcc to list; if there is a Resent-To,
 * Resent-Cc or Resent-Bcc, only the recipients in these (RFC 5322
 * section 3.6.6). ERROR_DATA; the message names the field.
 */
int header_recipients(const struct header *header, struct address_list *list,
    struct error *err);

/* Returns the first field whose name begins with "Resent-", or NULL: it is one
 * of the last resending (RFC 5322 section 3.6.6). Borrowed as above. */
const struct header_field *header_find_resent(const struct header *header,
    size_t *ret_index);

/* Adds the addresses in the first From field, if there is one, to list. */
int header_senders(const struct header *header, struct address_list *list,
    struct error *err);

/* The same for Resent-From, the address of the person who resends. */
int header_resenders(const struct header *header, struct address_list *list,
    struct error *err);

/* Removes Bcc, Resent-Bcc, Return-Path and Content-Length. */
void header_strip(struct header *header);

/*
 * Appends a field "name: value"; copies both. Long values are folded at spaces.
 * ERROR_DATA if one contains CR, LF or NUL.
 */
int header_append(struct header *header, const char *name, const char *value,
    struct error *err);

/* The same, before the field at index. */
int header_insert(struct header *header, size_t index, const char *name,
    const char *value, struct error *err);

/*
 * Replaces the value of the field at index, all that is after ":", by bytes
 * that may be folded; the line end stays.
 */
int header_replace_value(struct header *header, size_t index, const char *value,
    size_t len, struct error *err);

/* Removes the field at index. */
void header_remove(struct header *header, size_t index);

/*
 * Appends all fields, byte for byte, and the empty line to out. Completes the
 * last field if the message ended without a line end.
 */
int header_write(const struct header *header, struct buf *out,
    struct error *err);

#endif
