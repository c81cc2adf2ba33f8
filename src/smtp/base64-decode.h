/* SPDX-License-Identifier: MIT */
#ifndef SMTP_BASE64_DECODE_H
#define SMTP_BASE64_DECODE_H

/* Decodes one line of base64 (RFC 4648 section 4). For this layer only. */

#include <stddef.h>

/*
 * Returns the bytes, with a NUL after them, and sets *ret_len. The caller frees
 * them. NULL if the text is not padded base64 and nothing else, or if there is
 * no memory.
 */
char *base64_decode(const char *text, size_t len, size_t *ret_len);

#endif
