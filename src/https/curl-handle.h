/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_CURL_HANDLE_H
#define HTTPS_CURL_HANDLE_H

/* Creates libcurl easy handles with the options that all protocols share. This
 * header needs libcurl's. */

#include <stdbool.h>
#include <stdint.h>

#include <curl/curl.h>

#include "base/error.h"

/*
 * Creates a handle for a comma-separated list of protocols, such as
 * "pop3,pop3s". It opens its own connections and requires TLS 1.2 or later
 * wherever it uses TLS. Returns NULL with ERROR_SYSTEM if memory is exhausted
 * or if libcurl doesn't support one of the protocols. The caller frees with
 * curl_easy_cleanup.
 */
CURL *curl_handle_new(const char *protocols, struct error *err);

/* Limits the next transfer of handle to end at deadline_ms (monotonic); a
 * deadline in the past ends it at once. Returns false if libcurl refuses. */
bool curl_handle_set_deadline(CURL *handle, int64_t deadline_ms);

#endif
