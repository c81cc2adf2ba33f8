/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHECK_CLIENT_H
#define CLI_CHECK_CLIENT_H

/* What a server sees of this host: its address and its name. */

#include <netdb.h>
#include <stdbool.h>

#include "cli/check-network.h"
#include "config/account.h"

/*
 * Writes this host's address on the way to server, and the name of its PTR
 * record. Returns false if the address isn't public: the server then sees
 * another one.
 */
bool check_client_reverse_name(const struct addrinfo *server,
    char address[CHECK_ADDRESS_SIZE], char name[CHECK_NAME_SIZE]);

/* Writes the name that EHLO will have. Returns false if it is an address. */
bool check_client_ehlo_name(const struct account *account,
    char out[CHECK_NAME_SIZE]);

#endif
