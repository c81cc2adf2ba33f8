/* SPDX-License-Identifier: MIT */
#ifndef CLI_DISCOVERY_H
#define CLI_DISCOVERY_H

/*
 * Finds out which server sends for a domain that no provider is known for: by
 * its SRV records (RFC 8314 5.1) and its autoconfig files. All are asked in
 * parallel, within three seconds. The address itself is sent to no one.
 */

#include <stdbool.h>

#include "base/error.h"
#include "submit/route.h"

enum discovery_place {
	DISCOVERY_SUBMISSIONS, /* SRV _submissions._tcp, implicit TLS */
	DISCOVERY_SUBMISSION,  /* SRV _submission._tcp, STARTTLS */
	DISCOVERY_AUTOCONFIG,  /* https://autoconfig.DOMAIN/ */
	DISCOVERY_WELL_KNOWN,  /* https://DOMAIN/.well-known/ */
	DISCOVERY_PLACE_COUNT
};

enum {
	DISCOVERY_PLACE_SIZE = 384,
	DISCOVERY_HOST_SIZE = 254,
	DISCOVERY_USER_SIZE = 321
};

/* What one place says. */
struct discovery_result {
	char place[DISCOVERY_PLACE_SIZE]; /* for people */
	bool is_found;
	bool is_authenticated; /* by the certificate of the domain */
	char host[DISCOVERY_HOST_SIZE];
	unsigned port;
	const char *tls;                /* "implicit" or "starttls"; static */
	char user[DISCOVERY_USER_SIZE]; /* "": not said */
	const char *auth; /* "password", "oauth2", "none"; static */
	char problem[ERROR_MESSAGE_SIZE]; /* why nothing is found */
};

struct discovery {
	struct discovery_result result[DISCOVERY_PLACE_COUNT];
	const struct discovery_result *best; /* the first found, or NULL */
};

/* Returns the address with its domain as DNS and web servers know it (IDNA).
 * ERROR_DATA if it is not a domain name. The caller frees. */
char *discovery_address(const char *address, struct error *err);

/*
 * Asks all places about the domain of address, from discovery_address. route is
 * that of the account that the address will belong to. Unless wants_all is set,
 * what SRV records name makes the files superfluous. Loads the provider of the
 * server that is found.
 */
void discovery_run(struct discovery *discovery, const char *address,
    const struct route *route, bool wants_all);

/* Whether the host is the domain of address or in it. Then a forged answer
 * can't name a server that would pass the verification of its certificate. */
bool discovery_is_own_host(const struct discovery_result *result,
    const char *address);

#endif
