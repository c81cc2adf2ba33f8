/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHECK_DNS_H
#define CLI_CHECK_DNS_H

/* Looks up the DNS records that matter to a submission. */

#include <netdb.h>

#include "cli/check-network.h"
#include "config/account.h"
#include "config/dns-query.h"

struct check_dns_lookup {
	struct check_dns *dns;
	struct dns_query *query[CHECK_RECORDS_MAX]; /* of each record */
};

/* Begins to look up the server of the account, unless it is an address, and the
 * domain of the account's address. dns is filled by check_dns_await. */
void check_dns_start(struct check_dns_lookup *lookup, struct check_dns *dns,
    const struct account *account);

/*
 * Begins to look up this host, where the account doesn't sign in: then servers
 * check it. server is one of the server's addresses; the address of this host
 * on the way there counts if it is public.
 */
void check_dns_start_client(struct check_dns_lookup *lookup,
    const struct account *account, const struct addrinfo *server);

/* Waits for the answers; each lookup has its own time limit. */
void check_dns_await(struct check_dns_lookup *lookup);

#endif
