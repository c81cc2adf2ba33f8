/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_RESULT_PAGE_H
#define OAUTH2_RESULT_PAGE_H

/*
 * The HTML pages that tell a person in the browser how the sign-in ended.
 */

#include "base/buf.h"
#include "base/error.h"

enum result_page_kind {
	RESULT_PAGE_SIGNED_IN,
	RESULT_PAGE_DECLINED,
	RESULT_PAGE_FAILED, /* an error from the server or from the exchange */
	RESULT_PAGE_WRONG_ISSUER, /* RFC 9207 */
	RESULT_PAGE_FOREIGN,      /* doesn't belong to this sign-in, which still
				     waits */
	RESULT_PAGE_OVER,         /* this sign-in is already complete */
	RESULT_PAGE_NOT_FOUND,
	RESULT_PAGE_WRONG_HOST,
	RESULT_PAGE_WRONG_METHOD,
	RESULT_PAGE_KIND_COUNT
};

enum {
	RESULT_PAGE_MAX = 16384 /* bytes of HTML */
};

struct result_page {
	enum result_page_kind kind;
	char detail[ERROR_MESSAGE_SIZE]; /* shown in a paragraph of its own, or
					    "" */
};

/* Returns a page that shows the message of an error. */
struct result_page result_page_for_error(enum result_page_kind kind,
    const struct error *err);

/* The HTTP status of the page. */
unsigned result_page_status(enum result_page_kind kind);

/* Appends the page in HTML to a buf with a capacity of RESULT_PAGE_MAX. */
int result_page_write(const struct result_page *page, struct buf *html,
    struct error *err);

/* Appends text with all characters escaped that HTML gives a meaning. */
int result_page_escape(struct buf *html, const char *text, struct error *err);

#endif
