/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_DOMAIN_H
#define MESSAGE_DOMAIN_H

/*
 * Domain names as SMTP wants them.
 */

#include "base/error.h"

/*
 * Gives the domain with A-labels (IDNA2008, UTS 46 non-transitional) and
 * without a dot at its end. A domain literal passes. NULL on failure:
 * ERROR_DATA when it is no name. The caller frees.
 */
char *domain_to_ascii(const char *domain, struct error *err);

#endif
