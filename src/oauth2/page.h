/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_PAGE_H
#define OAUTH2_PAGE_H

/*
 * The pages that a person sees in the browser when the sign-in comes back.
 */

#include "base/buf.h"
#include "base/error.h"

enum page_kind {
	PAGE_SIGNED_IN,
	PAGE_DECLINED,
	PAGE_FAILED, /* the server's answer, or the exchange of the code */
	PAGE_WRONG_ISSUER, /* RFC 9207 */
	PAGE_FOREIGN,      /* no answer to this sign-in; it still waits */
	PAGE_OVER,         /* this sign-in has had its answer */
	PAGE_NOT_FOUND,
	PAGE_WRONG_HOST,
	PAGE_WRONG_METHOD,
	PAGE_KIND_COUNT
};

enum {
	PAGE_MAX = 16384 /* bytes of HTML */
};

struct page {
	enum page_kind kind;
	char detail[ERROR_MESSAGE_SIZE]; /* a line of its own, or "" */
};

/* A page with the message of an error as its detail. */
struct page page_because(enum page_kind kind, const struct error *err);

/* The HTTP status to send it with. */
unsigned page_status(enum page_kind kind);

/* Adds the page in HTML to a buf that has room for PAGE_MAX bytes. */
int page_write(const struct page *page, struct buf *html, struct error *err);

/* Adds text so that HTML shows it and does nothing else with it. */
int page_escape(struct buf *html, const char *text, struct error *err);

#endif
