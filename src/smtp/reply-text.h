/* SPDX-License-Identifier: MIT */
#ifndef SMTP_REPLY_TEXT_H
#define SMTP_REPLY_TEXT_H

/* The text of a reply, as people read it. */

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Removes HTML: tags, comments, scripts; decodes common entities. The URL of a
 * link follows its words. Text in angle brackets that is no HTML element, such
 * as an address, stays. Returns whether something was removed: a secret that
 * was hidden in it may have become visible.
 */
bool reply_text_strip(struct buf *text);

/* Copies text to out as one printable line without runs of blanks. If it does
 * not fit, it ends with "..." after a whole word. */
void reply_text_show(char *out, size_t size, const char *text, size_t len);

#endif
