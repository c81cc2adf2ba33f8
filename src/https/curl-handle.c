/* SPDX-License-Identifier: MIT */
/*
 * What libcurl is told whatever the protocol.
 */
#include "https/curl-handle.h"

#include <stddef.h>

#include "base/clock.h"

static const struct {
	CURLoption option;
	long value;
} fixed[] = {
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    /* A certificate is judged on a connection made for this request. */
    {CURLOPT_SSL_SESSIONID_CACHE, 0},
    {CURLOPT_FRESH_CONNECT, 1},
    {CURLOPT_NETRC, CURL_NETRC_IGNORED},
#if LIBCURL_VERSION_NUM >= 0x075700 /* 7.87 */
    /* A name server that hangs holds a thread; nobody waits for its end. */
    {CURLOPT_QUICK_EXIT, 1},
#endif
};

CURL *
curl_handle_new(const char *protocols, struct error *err)
{
	CURL *handle = curl_easy_init(); /* the libraries too, once */
	CURLcode failure;

	if (handle == NULL) {
		error_no_memory(err);
		return NULL;
	}
	failure = curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, protocols);
	for (size_t i = 0;
	     failure == CURLE_OK && i < sizeof fixed / sizeof *fixed; i++)
		failure =
		    curl_easy_setopt(handle, fixed[i].option, fixed[i].value);
	if (failure == CURLE_OK)
		return handle;
	error_set(err, ERROR_SYSTEM, "libcurl can't be set up for %s: %s",
	    protocols, curl_easy_strerror(failure));
	curl_easy_cleanup(handle);
	return NULL;
}

bool
curl_handle_set_deadline(CURL *handle, int64_t deadline_ms)
{
	long left_ms = clock_left_ms(deadline_ms);

	if (left_ms == 0)
		left_ms = 1; /* 0 would be no limit */
	return curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, left_ms) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, left_ms) ==
	    CURLE_OK;
}
