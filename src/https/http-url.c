/* SPDX-License-Identifier: MIT */
/*
 * Parses and checks the URL of an endpoint, and tells whose certificate it
 * requires.
 */
#include "https/http-url.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static int http_url_check_text(const char *url, struct error *err);
static int http_url_check_scheme(const char *url, struct error *err);
static bool http_url_has_part(CURLU *url, CURLUPart part);
static int http_url_take_host(struct http_url *parsed, const char *url,
    struct error *err);
static bool is_printable_ascii(const char *text);

int
http_url_init(struct http_url *parsed, const char *url, struct error *err)
{
	*parsed = (struct http_url){.handle = curl_url()};
	if (parsed->handle == NULL)
		return error_no_memory(err);
	if (http_url_check_text(url, err) == -1 ||
	    http_url_check_scheme(url, err) == -1)
		return -1;
	if (curl_url_set(parsed->handle, CURLUPART_URL, url, 0) != CURLUE_OK)
		return error_set(err, ERROR_CONFIG, "%s: not a valid URL", url);
	if (http_url_has_part(parsed->handle, CURLUPART_USER) ||
	    http_url_has_part(parsed->handle, CURLUPART_PASSWORD))
		return error_set(err, ERROR_CONFIG,
		    "the URL of an endpoint contains a user name or a "
		    "password");
	return http_url_take_host(parsed, url, err);
}

void
http_url_done(struct http_url *parsed)
{
	curl_url_cleanup(parsed->handle);
	free(parsed->host);
	free(parsed->host_ascii);
	*parsed = (struct http_url){.handle = NULL};
}

struct curl_peer
http_url_peer(const struct http_url *parsed, const char *trust_file,
    const char *trust_setting)
{
	return (struct curl_peer){.policy = {.host = parsed->host,
				      .host_ascii = parsed->host_ascii,
				      .trust_file = trust_file,
				      .check_strength = true,
				      .trust_setting = trust_setting}};
}

/* A URL with an "@" is never printed: a password may precede the "@". */
static int
http_url_check_text(const char *url, struct error *err)
{
	if (is_printable_ascii(url))
		return 0;
	if (strchr(url, '@') != NULL)
		return error_set(err, ERROR_CONFIG,
		    "the URL of an endpoint contains invalid characters");
	error_set(err, ERROR_CONFIG, "%s: not a valid URL", url);
	return error_hint(err,
	    "write a non-ASCII host name as xn--..., and other bytes as %%XX");
}

static int
http_url_check_scheme(const char *url, struct error *err)
{
	bool is_https = text_has_prefix(url, "https://");

	/* libcurl would accept a host after a third slash. */
	if (is_https && url[strlen("https://")] != '/')
		return 0;
	if (is_https)
		return error_set(err, ERROR_CONFIG,
		    "the URL of an endpoint has no host");
	if (strchr(url, '@') != NULL)
		error_set(err, ERROR_CONFIG,
		    "the URL of an endpoint doesn't begin with https://");
	else
		error_set(err, ERROR_CONFIG,
		    "%s: the URL doesn't begin with https://", url);
	return error_hint(err,
	    "use the https:// URL of the endpoint: secrets and tokens are not "
	    "sent without TLS");
}

static bool
http_url_has_part(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK;

	curl_free(text);
	return has;
}

static int
http_url_take_host(struct http_url *parsed, const char *url, struct error *err)
{
	char *host = NULL;
	size_t len;

	if (curl_url_get(parsed->handle, CURLUPART_HOST, &host, 0) != CURLUE_OK)
		return error_set(err, ERROR_CONFIG, "%s: the URL has no host",
		    url);
	len = strlen(host);
	if (host[0] == '[' && host[len - 1] == ']') /* RFC 3986 3.2.2 */
		parsed->host = text_copy(host + 1, len - 2);
	else
		parsed->host = text_copy(host, len);
	curl_free(host);
	if (parsed->host == NULL)
		return error_no_memory(err);
	len = strlen(parsed->host);
	if (len > 1 && parsed->host[len - 1] == '.')
		len--;
	parsed->host_ascii = text_copy(parsed->host, len);
	if (parsed->host_ascii == NULL)
		return error_no_memory(err);
	/* libcurl has decoded a "%FC" in it. */
	if (is_printable_ascii(parsed->host))
		return 0;
	return error_set(err, ERROR_CONFIG, "%s: the URL has no host", url);
}

static bool
is_printable_ascii(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text <= ' ' || *text >= 0x7f)
			return false;
	}
	return true;
}
