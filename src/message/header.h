/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_HEADER_H
#define MESSAGE_HEADER_H

/*
 * The one model of the header section. The recipients that -t finds and the
 * fields that are removed come from the same parsed fields, so they can't
 * disagree: no Bcc leaves.
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
	const char *value; /* behind ":", folded lines included */
	size_t value_len;
	const char *raw; /* the whole field with its line ends */
	size_t raw_len;
	char *owned; /* what the others point into, if it was appended */
};

struct header {
	char *bytes; /* what the fields point into; owned */
	struct header_field *field;
	size_t count;
	size_t body_offset; /* where the body begins in the source */
	bool separated;     /* an empty line stood between header and body */
};

void header_init(struct header *header);
void header_done(struct header *header);

/*
 * Parses the header section that bytes begin with, in place of what header
 * held. at_end tells that the message has no more bytes; else give more than
 * HEADER_SIZE_MAX. An mbox line "From " or ">From " at the top is dropped. A
 * first line that is no field means that there is no header and all is body; a
 * later one ends the header. Line ends are LF, CRLF or a stray CR. A NUL in the
 * header section, or in the line that ends it, is ERROR_DATA; so is a section
 * longer than HEADER_SIZE_MAX. On failure header is empty.
 */
int header_parse(struct header *header, const char *bytes, size_t len,
    bool at_end, struct error *err);

/*
 * The first field of that name at or behind index from, or NULL. ret_index may
 * be NULL. Borrowed until the header changes.
 */
const struct header_field *header_find(const struct header *header,
    const char *name, size_t from, size_t *ret_index);

/*
 * Adds the recipients of To, Cc and Bcc to list; of Resent-To, Resent-Cc and
 * Resent-Bcc alone when one of those is there (RFC 5322 3.6.6). ERROR_DATA
 * names the field.
 */
int header_recipients(const struct header *header, struct address_list *list,
    struct error *err);

/* The addresses in the first From field; none when there is none. */
int header_senders(const struct header *header, struct address_list *list,
    struct error *err);

/* Removes Bcc, Resent-Bcc, Return-Path and Content-Length. */
void header_strip(struct header *header);

/*
 * Puts a field "name: value" behind the others; both are copied. Long values
 * are folded at spaces. CR, LF and NUL are refused: ERROR_DATA.
 */
int header_append(struct header *header, const char *name, const char *value,
    struct error *err);

/*
 * Adds all fields, byte for byte, and the empty line to out. The last line is
 * ended if the message ended in it.
 */
int header_write(const struct header *header, struct buf *out,
    struct error *err);

#endif
