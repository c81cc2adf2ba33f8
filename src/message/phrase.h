/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_PHRASE_H
#define MESSAGE_PHRASE_H

/*
 * Writes text for a header field: quoted, or as encoded words (RFC 2047), where
 * that is necessary.
 */

#include "base/buf.h"
#include "base/error.h"

/*
 * Appends a display name as a phrase (RFC 5322 section 3.2.5), without spaces
 * at its ends. Nothing is appended if it is neither ASCII nor UTF-8. ERROR_DATA
 * if it contains a control character.
 */
int phrase_write(struct buf *out, const char *name, struct error *err);

/*
 * Appends the text of an unstructured field, such as Subject. It must be UTF-8
 * without line ends.
 */
int unstructured_write(struct buf *out, const char *text, struct error *err);

#endif
