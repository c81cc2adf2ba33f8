/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_ENCODED_WORD_H
#define MESSAGE_ENCODED_WORD_H

/*
 * Encodes non-ASCII text for a header field (RFC 2047).
 */

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Appends len bytes of valid UTF-8 to out as encoded words of at most 64 bytes
 * and whole characters, separated by spaces. They are valid in a phrase
 * (section 5, rule 3), and so in any place. Uses "Q" or "B", whichever is
 * shorter.
 */
int encoded_word_write(struct buf *out, const char *text, size_t len,
    struct error *err);

#endif
