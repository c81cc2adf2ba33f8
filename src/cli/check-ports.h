/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHECK_PORTS_H
#define CLI_CHECK_PORTS_H

/* Tries the other ports at which a server may take submissions. */

#include <netdb.h>

#include "cli/check-network.h"
#include "config/account.h"

/*
 * Opens a session without a sign-in at each port and mode that the account
 * doesn't use: the other mode of its port if that answers, 465, 587, and what
 * the provider has besides. server is the server's addresses, or NULL. Each has
 * its own time limit.
 */
void check_ports_try(struct check_ports *ports, const struct account *account,
    const struct addrinfo *server, bool own_port_answers);

/* Returns the first that works, or NULL. */
const struct check_port *check_ports_best(const struct check_ports *ports);

#endif
