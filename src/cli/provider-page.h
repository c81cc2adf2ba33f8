/* SPDX-License-Identifier: MIT */
#ifndef CLI_PROVIDER_PAGE_H
#define CLI_PROVIDER_PAGE_H

/* Prints one provider for people. */

#include <stdbool.h>

#include "config/config.h"

/*
 * Prints how to sign in to the provider (where its password is made, and the
 * command), its limits and, if wanted, all of its fields. config tells which
 * domains are its own.
 */
void provider_page_print(const struct config *config,
    const struct provider *provider, bool wants_fields);

#endif
