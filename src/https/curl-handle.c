/* SPDX-License-Identifier: MIT */
/*
 * Creates libcurl handles and sets the options that don't depend on the
 * protocol.
 */
#include "https/curl-handle.h"

#include <stddef.h>

#include "base/clock.h"

static const struct {
	CURLoption option;
	long value;
} handle_options[] = {
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    /* Verify the certificate of each connection, and reuse none. */
    {CURLOPT_SSL_SESSIONID_CACHE, 0},
    {CURLOPT_FRESH_CONNECT, 1},
    {CURLOPT_NETRC, CURL_NETRC_IGNORED},
#if LIBCURL_VERSION_NUM >= 0x075700 /* 7.87 */
    /* Don't wait for a resolver thread that a slow name server holds up. */
    {CURLOPT_QUICK_EXIT, 1},
#endif
};

CURL *
curl_handle_new(const char *protocols, struct error *err)
{
	CURL *handle = curl_easy_init(); /* initialises libcurl too, once */
	CURLcode failure;

	if (handle == NULL) {
		error_no_memory(err);
		return NULL;
	}
	failure = curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, protocols);
	for (size_t i = 0; failure == CURLE_OK &&
	     i < sizeof handle_options / sizeof *handle_options;
	     i++)
		failure = curl_easy_setopt(handle, handle_options[i].option,
		    handle_options[i].value);
	if (failure == CURLE_OK)
		return handle;
	error_set(err, ERROR_SYSTEM, "libcurl cannot be configured for %s: %s",
	    protocols, curl_easy_strerror(failure));
	curl_easy_cleanup(handle);
	return NULL;
}

bool
curl_handle_set_deadline(CURL *handle, int64_t deadline_ms)
{
	long left_ms = clock_left_ms(deadline_ms);

	if (left_ms == 0)
		left_ms = 1; /* 0 means no limit */
	return curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, left_ms) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, left_ms) ==
	    CURLE_OK;
}
