/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_SIGNED_FIELDS_H
#define MESSAGE_SIGNED_FIELDS_H

/* Tells which header fields a signature covers. Checks no signature. */

#include <stdbool.h>

#include "message/header.h"

/* Whether a DKIM-Signature of the header covers a field of that name
 * (RFC 6376 section 3.5, tag h). */
bool signed_fields_cover(const struct header *header,
    const struct header_field *field);

#endif
