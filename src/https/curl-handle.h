/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_CURL_HANDLE_H
#define HTTPS_CURL_HANDLE_H

/* libcurl's handles, as each of ours begins. This header needs libcurl's. */

#include <stdbool.h>
#include <stdint.h>

#include <curl/curl.h>

#include "base/error.h"

/*
 * A handle for these protocols, such as "pop3,pop3s", on connections that are
 * made for it alone, with TLS 1.2 or later where there is TLS. NULL with
 * ERROR_SYSTEM when out of memory, or when libcurl was built without one of
 * them. The caller ends it by curl_easy_cleanup.
 */
CURL *curl_handle_new(const char *protocols, struct error *err);

/* Ends what handle does at deadline_ms (monotonic); in the past: at once. */
bool curl_handle_set_deadline(CURL *handle, int64_t deadline_ms);

#endif
