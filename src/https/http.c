/* SPDX-License-Identifier: MIT */
/*
 * Sends one HTTPS request with libcurl. curl-peer.c verifies the certificate:
 * it prepares libcurl before the handshake and checks between the handshake and
 * the first byte of the request.
 */
#include "https/http.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/text.h"
#include "https/curl-handle.h"
#include "https/http-url.h"
#include "https/curl-failure.h"

/* Marks parameters that libcurl passes and a callback ignores. */
#define UNUSED __attribute__((unused))

enum {
	HEADERS_MAX = 65536, /* bytes, of one response */
	HEADER_MAX = 256,    /* bytes, of a field of the request */
	REDIRECT = 3         /* the first digit of the status */
};

struct transfer {
	const struct http_request *request;
	struct http_url url;
	struct curl_peer peer;
	CURL *handle;
	struct curl_slist *headers;
	struct secret *body;
	size_t headers_len;
	struct error failure;       /* set by a callback, else ERROR_NONE */
	char text[CURL_ERROR_SIZE]; /* libcurl's error message */
};

/* Options of all requests, in addition to those of curl-handle.c. */
static const struct {
	CURLoption option;
	long value;
} http_options[] = {
    {CURLOPT_FOLLOWLOCATION, 0},
    /* With HTTP/2, libcurl sends bytes before on_connected can verify the
       certificate. */
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
    {CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_FORBID_REUSE, 1},
    {CURLOPT_SUPPRESS_CONNECT_HEADERS, 1},
};

static int http_prepare(struct transfer *transfer, struct error *err);
static int http_add_headers(struct transfer *transfer, struct error *err);
static bool http_add_header(struct transfer *transfer, const char *line);
static int http_add_authorization(struct transfer *transfer, struct error *err);
static bool http_set_options(CURL *handle);
static bool http_set_request(struct transfer *transfer);
static bool http_set_callbacks(struct transfer *transfer);
static int http_perform(struct transfer *transfer, struct error *err);
static int on_http_connected(void *data, char *peer, char *local, int peer_port,
    int local_port);
static size_t on_http_header(char *bytes, size_t one, size_t len, void *data);
static size_t on_http_body(char *bytes, size_t one, size_t len, void *data);
static int http_take_response(struct transfer *transfer,
    struct http_response *ret, struct error *err);
static int http_take_location(struct transfer *transfer, char **ret_location,
    struct error *err);
static int64_t http_response_date(CURL *handle);

int
http_send(const struct http_request *request, struct http_response *ret,
    struct error *err)
{
	struct transfer transfer = {.request = request};
	int result = -1;

	if (http_url_init(&transfer.url, request->url, err) == 0 &&
	    http_prepare(&transfer, err) == 0 &&
	    http_perform(&transfer, err) == 0)
		result = http_take_response(&transfer, ret, err);
	curl_easy_cleanup(transfer.handle);
	curl_slist_free_all(transfer.headers);
	secret_free(transfer.body);
	http_url_done(&transfer.url);
	return result;
}

void
http_response_done(struct http_response *response)
{
	secret_free(response->body);
	free(response->location);
	*response = (struct http_response){.status = 0};
}

static int
http_prepare(struct transfer *transfer, struct error *err)
{
	if (clock_left_ms(transfer->request->deadline_ms) == 0)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: no time is left for the request", transfer->url.host);
	transfer->body = secret_new(err);
	if (transfer->body == NULL)
		return -1;
	transfer->handle = curl_handle_new("https", err);
	if (transfer->handle == NULL)
		return -1;
	if (http_add_headers(transfer, err) == -1)
		return -1;
	if (transfer->request->authorization != NULL &&
	    http_add_authorization(transfer, err) == -1)
		return -1;
	transfer->peer = http_url_peer(&transfer->url,
	    transfer->request->trust_file, transfer->request->trust_setting);
	if (curl_peer_prepare(transfer->handle, &transfer->peer, err) == -1)
		return -1;
	if (http_set_options(transfer->handle) && http_set_request(transfer) &&
	    http_set_callbacks(transfer))
		return 0;
	return error_set(err, ERROR_SYSTEM,
	    "libcurl cannot be configured for HTTPS");
}

static int
http_add_headers(struct transfer *transfer, struct error *err)
{
	const char *accept = transfer->request->accept;
	char line[HEADER_MAX];

	snprintf(line, sizeof line, "Accept: %s",
	    accept != NULL ? accept : "application/json");
	if (http_add_header(transfer, line) &&
	    http_add_header(transfer,
		"Expect:")) /* don't wait for "100 Continue" */
		return 0;
	return error_no_memory(err);
}

static bool
http_add_header(struct transfer *transfer, const char *line)
{
	struct curl_slist *longer = curl_slist_append(transfer->headers, line);

	if (longer != NULL)
		transfer->headers = longer;
	return longer != NULL;
}

static int
http_add_authorization(struct transfer *transfer, struct error *err)
{
	const struct secret *value = transfer->request->authorization;
	struct secret *line = secret_new(err);
	int result = -1;

	if (line != NULL &&
	    secret_add_text(line, "Authorization: ", err) == 0 &&
	    secret_add(line, secret_bytes(value), secret_len(value), err) == 0)
		result = http_add_header(transfer, secret_bytes(line))
		    ? 0
		    : error_no_memory(err);
	secret_free(line);
	return result;
}

static bool
http_set_options(CURL *handle)
{
	for (size_t i = 0; i < sizeof http_options / sizeof *http_options;
	     i++) {
		if (curl_easy_setopt(handle, http_options[i].option,
			http_options[i].value) != CURLE_OK)
			return false;
	}
	return curl_easy_setopt(handle, CURLOPT_USERAGENT,
		   "postrider/" PACKAGE_VERSION) == CURLE_OK;
}

/* libcurl reads the form in place and makes no copy of it. */
static bool
http_set_request(struct transfer *transfer)
{
	const struct http_request *request = transfer->request;
	CURL *handle = transfer->handle;

	if (curl_easy_setopt(handle, CURLOPT_CURLU, transfer->url.handle) !=
		CURLE_OK ||
	    !curl_handle_set_deadline(handle, request->deadline_ms) ||
	    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, transfer->headers) !=
		CURLE_OK)
		return false;
	return request->form == NULL ||
	    (curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE,
		 (long)secret_len(request->form)) == CURLE_OK &&
		curl_easy_setopt(handle, CURLOPT_POSTFIELDS,
		    secret_bytes(request->form)) == CURLE_OK);
}

static bool
http_set_callbacks(struct transfer *transfer)
{
	CURL *handle = transfer->handle;

	return curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, transfer->text) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION,
		on_http_connected) == CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_PREREQDATA, transfer) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_http_header) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_HEADERDATA, transfer) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_http_body) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer) == CURLE_OK;
}

static int
http_perform(struct transfer *transfer, struct error *err)
{
	CURLcode failure = curl_easy_perform(transfer->handle);

	if (failure == CURLE_OK)
		return 0;
	if (transfer->failure.code == ERROR_NONE)
		return curl_failure_explain(transfer->handle, failure,
		    transfer->text, &transfer->peer, err);
	*err = transfer->failure;
	return -1;
}

/* Called after the handshake, before anything of the request is sent. */
static int
on_http_connected(void *data, UNUSED char *peer, UNUSED char *local,
    UNUSED int peer_port, UNUSED int local_port)
{
	struct transfer *transfer = data;

	return curl_peer_check(transfer->handle, &transfer->peer,
		   &transfer->failure) == 0
	    ? CURL_PREREQFUNC_OK
	    : CURL_PREREQFUNC_ABORT;
}

static size_t
on_http_header(UNUSED char *bytes, UNUSED size_t one, size_t len, void *data)
{
	struct transfer *transfer = data;

	if (len <= HEADERS_MAX - transfer->headers_len) {
		transfer->headers_len += len;
		return len;
	}
	error_set(&transfer->failure, ERROR_TEMPORARY,
	    "%s: the response is longer than 64 KiB", transfer->url.host);
	return 0;
}

static size_t
on_http_body(char *bytes, UNUSED size_t one, size_t len, void *data)
{
	struct transfer *transfer = data;

	if (secret_add(transfer->body, bytes, len, &transfer->failure) == 0)
		return len;
	error_set(&transfer->failure, ERROR_TEMPORARY,
	    "%s: the response is longer than 64 KiB", transfer->url.host);
	return 0;
}

static int
http_take_response(struct transfer *transfer, struct http_response *ret,
    struct error *err)
{
	char *location = NULL;
	long status = 0;

	curl_easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status);
	if (status / 100 == REDIRECT && !transfer->request->returns_redirect) {
		error_set(err, ERROR_REFUSED,
		    "%s: the response is a redirect, which is not followed",
		    transfer->url.host);
		error_set_cause(err, "token-endpoint");
		return error_hint(err, "check the endpoint %s",
		    transfer->request->url);
	}
	if (status / 100 == REDIRECT &&
	    http_take_location(transfer, &location, err) == -1)
		return -1;
	*ret = (struct http_response){
	    .status = status,
	    .body = transfer->body,
	    .location = location,
	    .date = http_response_date(transfer->handle),
	};
	transfer->body = NULL;
	return 0;
}

static int
http_take_location(struct transfer *transfer, char **ret_location,
    struct error *err)
{
	char *location = NULL;

	curl_easy_getinfo(transfer->handle, CURLINFO_REDIRECT_URL, &location);
	if (location == NULL)
		return 0;
	*ret_location = text_copy(location, strlen(location));
	return *ret_location != NULL ? 0 : error_no_memory(err);
}

static int64_t
http_response_date(CURL *handle)
{
	struct curl_header *header;
	time_t date = -1;

	if (curl_easy_header(handle, "Date", 0, CURLH_HEADER, -1, &header) ==
	    CURLHE_OK)
		date = curl_getdate(header->value, NULL);
	return date > 0 ? date : 0;
}
