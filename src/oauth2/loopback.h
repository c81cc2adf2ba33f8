/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_LOOPBACK_H
#define OAUTH2_LOOPBACK_H

/*
 * The listener on a free port of 127.0.0.1 to which the browser brings the
 * answer (RFC 8252 7.3). It tells answers from all other visitors and sends
 * pages; what an answer means is its owner's business.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "oauth2/result-page.h"

struct loopback;

/* Who judges answers. */
struct loopback_callback {
	/*
	 * Takes the query of one answer, without its "?", borrowed until it
	 * returns, and fills the page to send.
	 */
	void (*on_answer)(void *context, const char *query, size_t len,
	    struct result_page *ret_page);
	void *context;
};

/*
 * Starts listening. host and path make the redirect URI, whose port is the one
 * that was free; path may be "". Both are copied. NULL on failure. The caller
 * frees.
 */
struct loopback *loopback_new(const char *host, const char *path,
    const struct loopback_callback *owner, struct error *err);

/* Accepts nothing more and cuts off who is still there. Accepts NULL. */
void loopback_free(struct loopback *loopback);

/* The redirect URI, e.g. "http://127.0.0.1:49152/". Borrowed. */
const char *loopback_uri(const struct loopback *loopback);

/* The same from the host on and with a path in any case, as browsers show it.
 * Borrowed. */
const char *loopback_place(const struct loopback *loopback);

/*
 * Serves who is there, once, after waiting at most until the deadline for
 * somebody, or for something to read at fd unless that is -1.
 */
int loopback_serve(struct loopback *loopback, int fd, int64_t deadline_ms,
    bool *ret_readable, struct error *err);

/* Serves who waits already, as somebody who reloaded the page, accepts nothing
 * more, and sends the pages on their way, at most until the deadline. */
void loopback_finish(struct loopback *loopback, int64_t deadline_ms);

#endif
