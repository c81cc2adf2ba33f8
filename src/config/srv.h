/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_SRV_H
#define CONFIG_SRV_H

/*
 * Looks up the submission server that a mail domain announces by SRV records
 * (RFC 2782, RFC 6186, RFC 8314 5.1). DNS isn't authenticated: the user must
 * confirm the server before a password is sent to it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct srv_target {
	char *host; /* without a trailing dot */
	uint16_t port;
	unsigned priority;
	unsigned weight;
};

struct srv_list {
	struct srv_target *target; /* best first */
	size_t count;
	bool is_refused; /* a target "." says that there is no such service */
};

void srv_list_init(struct srv_list *list);
void srv_list_done(struct srv_list *list);

/*
 * Adds the SRV records of a DNS answer: the lowest priority first and, within
 * it, the highest weight. Records with port 0 or a target that isn't a host
 * name are ignored. ERROR_TEMPORARY if the answer is malformed; the message
 * contains name.
 */
int srv_parse(struct srv_list *list, const unsigned char *answer, size_t len,
    const char *name, struct error *err);

#endif
