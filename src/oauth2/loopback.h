/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_LOOPBACK_H
#define OAUTH2_LOOPBACK_H

/*
 * Listens on a free port of 127.0.0.1 for the redirect from the browser (RFC
 * 8252 7.3). Separates redirects from other requests and sends a page in
 * response; a callback interprets the redirect.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "oauth2/result-page.h"

struct loopback;

/* Receives redirects. */
struct loopback_callback {
	/*
	 * Handles the query of one redirect, without its "?" and borrowed for
	 * the call, and fills *ret_page with the page to send.
	 */
	void (*on_answer)(void *context, const char *query, size_t len,
	    struct result_page *ret_page);
	void *context;
};

/*
 * Starts to listen. host, path and the free port form the redirect URI; path
 * may be "". Both are copied. Returns NULL on failure. The caller frees with
 * loopback_free.
 */
struct loopback *loopback_new(const char *host, const char *path,
    const struct loopback_callback *owner, struct error *err);

/* Stops listening and closes all connections. Accepts NULL. */
void loopback_free(struct loopback *loopback);

/* The redirect URI, e.g. "http://127.0.0.1:49152/". Borrowed. */
const char *loopback_uri(const struct loopback *loopback);

/* The redirect URI without its scheme, with "/" for an empty path, as browsers
 * show it. Borrowed. */
const char *loopback_place(const struct loopback *loopback);

/*
 * Waits until the deadline at most for a request, or for input on fd unless it
 * is -1, and serves pending requests once. *ret_readable tells whether fd has
 * input.
 */
int loopback_serve(struct loopback *loopback, int fd, int64_t deadline_ms,
    bool *ret_readable, struct error *err);

/* Serves requests that have arrived, such as a reload of the page, stops
 * listening, and waits until the deadline at most for all pages to be sent. */
void loopback_finish(struct loopback *loopback, int64_t deadline_ms);

#endif
