/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_CURL_FAILURE_H
#define HTTPS_CURL_FAILURE_H

/*
 * What libcurl's failures mean to a person, in the words that a mail server's
 * have. This header needs libcurl's.
 */

#include <curl/curl.h>

#include "base/error.h"
#include "https/curl-peer.h"

/*
 * Explains why a request to peer by handle failed. text is what libcurl left in
 * its error buffer. Always returns -1; ERROR_TEMPORARY, or ERROR_SECURITY for
 * TLS, or ERROR_SYSTEM.
 */
int curl_failure_explain(CURL *handle, CURLcode failure, const char *text,
    const struct curl_peer *peer, struct error *err);

#endif
