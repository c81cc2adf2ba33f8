/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_REPLY_URL_H
#define SUBMIT_REPLY_URL_H

/* The page that a reply sends the user to. */

#include <stddef.h>

/*
 * Copies the https URL of a reply with which something can be done (unblocked,
 * verified), or else its first, to the size bytes at value; none of another
 * scheme, and none that is too long. Copies "" if there is none.
 */
void reply_url_find(const char *reply, char *value, size_t size);

#endif
