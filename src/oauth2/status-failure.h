/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_STATUS_FAILURE_H
#define OAUTH2_STATUS_FAILURE_H

/* What a response of an endpoint means that contains no OAuth2 error. */

#include <stdbool.h>

#include "base/error.h"

/* Whether the status says that the server is busy or has a problem, whatever
 * the content is. */
bool status_failure_is_servers(long status);

/*
 * Adds cause and hint to err by the status of the response, and sets its code:
 * ERROR_TEMPORARY if a retry can help, else ERROR_REFUSED. Always returns -1.
 */
int status_failure_explain(long status, struct error *err);

/* Adds the cause and a hint to err, which says that the response is not what
 * an endpoint sends. Always returns -1. */
int status_failure_explain_content(struct error *err);

#endif
