/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_MX_H
#define CONFIG_MX_H

/*
 * Looks up the MX hosts of a domain (RFC 5321 section 5.1), only to recognise
 * the provider that hosts a custom domain. Nothing is sent to them.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct mx_host {
	char *name; /* without a trailing dot */
	unsigned preference;
};

struct mx_list {
	struct mx_host *host; /* best first */
	size_t count;
};

void mx_list_init(struct mx_list *list);
void mx_list_done(struct mx_list *list);

/*
 * Looks up the domain's MX records, within the timeout, which is divided among
 * the name servers in whole seconds, at least one. The list is empty if the
 * domain has none. ERROR_NO_HOST if the domain doesn't exist, ERROR_TEMPORARY
 * if no server answers.
 */
int mx_lookup(struct mx_list *list, const char *domain, int64_t timeout_ms,
    struct error *err);

/*
 * Adds the MX records of a DNS answer, best first. A null MX (RFC 7505) is
 * ignored. ERROR_TEMPORARY if the answer is malformed; the message contains
 * domain.
 */
int mx_parse(struct mx_list *list, const unsigned char *answer, size_t len,
    const char *domain, struct error *err);

#endif
