/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_AUTOCONFIG_H
#define CREDENTIAL_AUTOCONFIG_H

/*
 * Gets the server that the autoconfig file of a mail domain names, by
 * postrider-oauth2. Several queries can run in parallel.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "credential/credential-message.h"

struct autoconfig_query;

/*
 * Starts postrider-oauth2 for the domain of the account that the selection
 * names. well_known: the file below /.well-known of the domain, instead of the
 * one of the host autoconfig.DOMAIN. The caller frees with
 * autoconfig_query_free. NULL on failure, as invocation_start.
 */
struct autoconfig_query *autoconfig_query_start(char *const *selection,
    bool well_known, struct error *err);

/*
 * Waits for the answer, an initialised message: CREDENTIAL_HOST,
 * CREDENTIAL_USERNAME and CREDENTIAL_SERVER_*, each of which can be missing.
 * ERROR_REFUSED if there is no usable file, else a code of
 * credential/exit-status.h; ERROR_KEYRING at the deadline.
 */
int autoconfig_query_await(struct autoconfig_query *query, int64_t deadline_ms,
    struct credential_message *answer, struct error *err);

/* Ends the program if it still runs. Accepts NULL. */
void autoconfig_query_free(struct autoconfig_query *query);

#endif
