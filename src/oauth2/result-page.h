/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_RESULT_PAGE_H
#define OAUTH2_RESULT_PAGE_H

/*
 * The pages that a person sees in the browser when the sign-in comes back.
 */

#include "base/buf.h"
#include "base/error.h"

enum result_page_kind {
	RESULT_PAGE_SIGNED_IN,
	RESULT_PAGE_DECLINED,
	RESULT_PAGE_FAILED, /* the server's answer, or the exchange of the code
			     */
	RESULT_PAGE_WRONG_ISSUER, /* RFC 9207 */
	RESULT_PAGE_FOREIGN, /* no answer to this sign-in; it still waits */
	RESULT_PAGE_OVER,    /* this sign-in has had its answer */
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
	char detail[ERROR_MESSAGE_SIZE]; /* a line of its own, or "" */
};

/* A page with the message of an error as its detail. */
struct result_page result_page_for_error(enum result_page_kind kind,
    const struct error *err);

/* The HTTP status to send it with. */
unsigned result_page_status(enum result_page_kind kind);

/* Adds the page in HTML to a buf that has room for RESULT_PAGE_MAX bytes. */
int result_page_write(const struct result_page *page, struct buf *html,
    struct error *err);

/* Adds text so that HTML shows it and does nothing else with it. */
int result_page_escape(struct buf *html, const char *text, struct error *err);

#endif
