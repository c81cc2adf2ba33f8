/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_MAILBOX_H
#define MESSAGE_MAILBOX_H

/*
 * Finds the mailboxes of a header field with their places in its text, so that
 * some can be replaced and the rest kept byte for byte. address.h reads the
 * addresses only.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* A part of a text that the caller owns. */
struct mailbox_span {
	const char *at;
	size_t len;
};

struct mailbox {
	struct mailbox_span whole;   /* without white space around it */
	struct mailbox_span phrase;  /* the name before "<", or empty */
	struct mailbox_span comment; /* "(Cron Daemon)" after an address without
					"<", or empty */
	char *address; /* addr-spec; owned. Without "@" if nothing follows it */
	bool in_group;
};

struct mailbox_list {
	struct mailbox *mailbox;
	size_t count;
	bool has_group;
};

void mailbox_list_init(struct mailbox_list *list);
void mailbox_list_done(struct mailbox_list *list);

/*
 * Parses text, which must outlive the list. what names the source in errors.
 * ERROR_DATA if it is not an address list; the list may then have a part of it.
 */
int mailbox_list_parse(struct mailbox_list *list, const char *text, size_t len,
    const char *what, struct error *err);

#endif
