/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_CURL_FAILURE_H
#define HTTPS_CURL_FAILURE_H

/*
 * Translates failures of libcurl into errors, in the words of tls/verify.c for
 * certificates. This header needs libcurl's.
 */

#include <curl/curl.h>

#include "base/error.h"
#include "https/curl-peer.h"

/*
 * Fills err with the reason why a request by handle to peer failed. text is the
 * content of libcurl's error buffer. Always returns -1. The code is
 * ERROR_SECURITY for TLS, ERROR_CONFIG for unreadable trust anchors,
 * ERROR_SYSTEM if memory is exhausted, and ERROR_TEMPORARY otherwise.
 */
int curl_failure_explain(CURL *handle, CURLcode failure, const char *text,
    const struct curl_peer *peer, struct error *err);

#endif
