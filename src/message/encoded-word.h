/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_ENCODED_WORD_H
#define MESSAGE_ENCODED_WORD_H

/*
 * Non-ASCII text in a header field, as RFC 2047 writes it.
 */

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Adds len bytes of valid UTF-8 to out as encoded words, each at most 75 bytes
 * long and of whole characters, with a space between them. They are fit for a
 * phrase (5 (3)), so for any place. "Q" or "B", whichever is shorter.
 */
int encoded_word_write(struct buf *out, const char *text, size_t len,
    struct error *err);

#endif
