/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHECK_SCOUT_H
#define CLI_CHECK_SCOUT_H

/*
 * A process that looks at the network while the session of a check goes on. The
 * process of the session is confined: it can look up no names, and connect to
 * one port only.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/check-network.h"
#include "submit/route.h"

struct check_scout {
	int fd; /* -1: there is none */
};

/*
 * Starts the process, which begins with DNS records and the addresses of the
 * server. Call it before the credential is fetched. Without a process the
 * functions below return false.
 */
void check_scout_start(struct check_scout *scout, const struct route *route);

/* Wait for the addresses, then for the DNS records; not longer than until the
 * deadline. Return whether they arrived; there may be none. */
bool check_scout_await_addresses(struct check_scout *scout,
    struct check_addresses *addresses, int64_t deadline_ms);
bool check_scout_await_dns(struct check_scout *scout, struct check_dns *dns,
    int64_t deadline_ms);

/* Says that the session is connected: the other ports need not be tried before
 * they are asked for. */
void check_scout_note_connection(struct check_scout *scout);

/* Tries the other ports of the server, see check_ports_try. Call it after the
 * other two, whatever they return. */
bool check_scout_try_ports(struct check_scout *scout, bool own_port_answers,
    struct check_ports *ports);

/* Ends the process. */
void check_scout_end(struct check_scout *scout);

#endif
