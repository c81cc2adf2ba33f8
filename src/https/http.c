/* SPDX-License-Identifier: MIT */
/*
 * One request by libcurl. Knows neither OAuth2 nor JSON; whether a certificate
 * is good is asked of curl-peer.c, before the handshake and again between it
 * and the first byte of the request.
 */
#include "https/http.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "https/curl-handle.h"
#include "https/http-url.h"
#include "https/curl-failure.h"

/* What libcurl tells its callbacks and these don't need. */
#define UNUSED __attribute__((unused))

enum {
	HEADERS_MAX = 65536, /* bytes, of one answer */
	REDIRECT = 3         /* the first digit of a status */
};

struct transfer {
	const struct http_request *request;
	struct http_url url;
	struct curl_peer peer;
	CURL *handle;
	struct curl_slist *headers;
	struct secret *body;
	size_t headers_len;
	struct error failure; /* what a callback found; ERROR_NONE if nothing */
	char text[CURL_ERROR_SIZE]; /* what libcurl says about its failure */
};

/* What never changes from one request to the next, beside curl-handle.c's. */
static const struct {
	CURLoption option;
	long value;
} fixed[] = {
    {CURLOPT_FOLLOWLOCATION, 0},
    /* An HTTP/2 connection would begin with bytes of ours before anybody has
       looked at the certificate. */
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
    {CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_FORBID_REUSE, 1},
    {CURLOPT_SUPPRESS_CONNECT_HEADERS, 1},
};

static int prepare(struct transfer *transfer, struct error *err);
static bool add_header(struct transfer *transfer, const char *line);
static int add_authorization(struct transfer *transfer, struct error *err);
static bool set_fixed(CURL *handle);
static bool set_request(struct transfer *transfer);
static bool set_callbacks(struct transfer *transfer);
static int perform(struct transfer *transfer, struct error *err);
static int on_connected(void *data, char *peer, char *local, int peer_port,
    int local_port);
static size_t on_header(char *bytes, size_t one, size_t len, void *data);
static size_t on_body(char *bytes, size_t one, size_t len, void *data);
static int take_response(struct transfer *transfer, struct http_response *ret,
    struct error *err);
static int64_t date_of(CURL *handle);

int
http_send(const struct http_request *request, struct http_response *ret,
    struct error *err)
{
	struct transfer transfer = {.request = request};
	int result = -1;

	if (http_url_init(&transfer.url, request->url, err) == 0 &&
	    prepare(&transfer, err) == 0 && perform(&transfer, err) == 0)
		result = take_response(&transfer, ret, err);
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
	response->body = NULL;
}

static int
prepare(struct transfer *transfer, struct error *err)
{
	if (clock_left_ms(transfer->request->deadline_ms) == 0)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: no time is left to ask", transfer->url.host);
	transfer->body = secret_new(err);
	if (transfer->body == NULL)
		return -1;
	transfer->handle = curl_handle_new("https", err);
	if (transfer->handle == NULL)
		return -1;
	if (!add_header(transfer, "Accept: application/json") ||
	    !add_header(transfer, "Expect:")) /* no "100 Continue" */
		return error_no_memory(err);
	if (transfer->request->authorization != NULL &&
	    add_authorization(transfer, err) == -1)
		return -1;
	transfer->peer =
	    http_url_peer(&transfer->url, transfer->request->trust_file);
	if (curl_peer_prepare(transfer->handle, &transfer->peer, err) == -1)
		return -1;
	if (set_fixed(transfer->handle) && set_request(transfer) &&
	    set_callbacks(transfer))
		return 0;
	return error_set(err, ERROR_SYSTEM, "libcurl can't be set up");
}

static bool
add_header(struct transfer *transfer, const char *line)
{
	struct curl_slist *longer = curl_slist_append(transfer->headers, line);

	if (longer != NULL)
		transfer->headers = longer;
	return longer != NULL;
}

static int
add_authorization(struct transfer *transfer, struct error *err)
{
	static const char name[] = "Authorization: ";
	const struct secret *value = transfer->request->authorization;
	struct secret *line = secret_new(err);
	int result = -1;

	if (line != NULL && secret_add(line, name, strlen(name), err) == 0 &&
	    secret_add(line, secret_bytes(value), secret_len(value), err) == 0)
		result = add_header(transfer, secret_bytes(line))
		    ? 0
		    : error_no_memory(err);
	secret_free(line);
	return result;
}

static bool
set_fixed(CURL *handle)
{
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
		if (curl_easy_setopt(handle, fixed[i].option, fixed[i].value) !=
		    CURLE_OK)
			return false;
	}
	return curl_easy_setopt(handle, CURLOPT_USERAGENT,
		   "postrider/" PACKAGE_VERSION) == CURLE_OK;
}

/* The form stays where it is: libcurl reads it there. */
static bool
set_request(struct transfer *transfer)
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
set_callbacks(struct transfer *transfer)
{
	CURL *handle = transfer->handle;

	return curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, transfer->text) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, on_connected) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_PREREQDATA, transfer) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_HEADERDATA, transfer) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer) == CURLE_OK;
}

static int
perform(struct transfer *transfer, struct error *err)
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

/* The handshake is over and nothing of the request has left. */
static int
on_connected(void *data, UNUSED char *peer, UNUSED char *local,
    UNUSED int peer_port, UNUSED int local_port)
{
	struct transfer *transfer = data;

	return curl_peer_check(transfer->handle, &transfer->peer,
		   &transfer->failure) == 0
	    ? CURL_PREREQFUNC_OK
	    : CURL_PREREQFUNC_ABORT;
}

static size_t
on_header(UNUSED char *bytes, UNUSED size_t one, size_t len, void *data)
{
	struct transfer *transfer = data;

	if (len <= HEADERS_MAX - transfer->headers_len) {
		transfer->headers_len += len;
		return len;
	}
	error_set(&transfer->failure, ERROR_TEMPORARY,
	    "%s: answered with more than 64 KiB", transfer->url.host);
	return 0;
}

static size_t
on_body(char *bytes, UNUSED size_t one, size_t len, void *data)
{
	struct transfer *transfer = data;

	if (secret_add(transfer->body, bytes, len, &transfer->failure) == 0)
		return len;
	error_set(&transfer->failure, ERROR_TEMPORARY,
	    "%s: answered with more than 64 KiB", transfer->url.host);
	return 0;
}

static int
take_response(struct transfer *transfer, struct http_response *ret,
    struct error *err)
{
	long status = 0;

	curl_easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status);
	if (status / 100 == REDIRECT) {
		error_set(err, ERROR_REFUSED,
		    "%s: answered with a redirect, which isn't followed",
		    transfer->url.host);
		return error_hint(err, "check the endpoint %s",
		    transfer->request->url);
	}
	*ret = (struct http_response){
	    .status = status,
	    .body = transfer->body,
	    .date = date_of(transfer->handle),
	};
	transfer->body = NULL;
	return 0;
}

static int64_t
date_of(CURL *handle)
{
	struct curl_header *header;
	time_t date = -1;

	if (curl_easy_header(handle, "Date", 0, CURLH_HEADER, -1, &header) ==
	    CURLHE_OK)
		date = curl_getdate(header->value, NULL);
	return date > 0 ? date : 0;
}
