/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_DOMAIN_SUGGESTION_H
#define CONFIG_DOMAIN_SUGGESTION_H

/* Finds the mail domain or the server of a known provider that a name is a
 * misspelling of. */

#include <stdbool.h>

#include "config/config.h"

enum {
	DOMAIN_SUGGESTION_SIZE = 256 /* RFC 1035 2.3.4 */
};

/*
 * Finds a domain that differs from the given one by one letter, such as
 * gmail.com for gmial.com, or that begins with it, such as gmail.com for gmail.
 * Loads the registry; returns false if that fails or there is none.
 */
bool domain_suggestion_find(struct config *config, const char *domain,
    char ret_domain[DOMAIN_SUGGESTION_SIZE]);

/* The same for the name of a server: smtp.gmail.com for smtp.gmial.com. */
bool host_suggestion_find(struct config *config, const char *host,
    char ret_host[DOMAIN_SUGGESTION_SIZE]);

#endif
