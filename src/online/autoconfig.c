/* SPDX-License-Identifier: MIT */
/*
 * autoconfig: gets the autoconfig file of a mail domain, and answers the
 * submission server that it names. The address itself is sent to no one. An
 * https redirect is followed, since the domain's own server asks for it.
 */
#include "online/operations.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "https/http.h"
#include "online/autoconfig-file.h"

enum {
	LIMIT_MS = 2500,
	REDIRECTS_MAX = 3,
	URL_MAX = 2048,
	HTTP_OK = 200
};

static int autoconfig_add_url(const struct operation_request *request,
    const char *address, struct buf *url, struct error *err);
static int autoconfig_fetch(const struct account *account, struct buf *url,
    struct http_response *response, struct error *err);
static int autoconfig_follow(struct buf *url,
    const struct http_response *response, struct error *err);
static int autoconfig_answer(const struct autoconfig_server *server,
    const char *url, int fd, struct error *err);

int
operation_autoconfig(const struct operation_request *request, struct error *err)
{
	const struct account_list *from = &request->account->list[SETTING_FROM];
	const char *address = from->count > 0 ? from->element[0] : "";
	struct http_response response = {.status = 0};
	struct autoconfig_server server;
	struct buf url;
	int result;

	buf_init(&url, URL_MAX);
	result = autoconfig_add_url(request, address, &url, err);
	if (result == 0)
		result =
		    autoconfig_fetch(request->account, &url, &response, err);
	if (result == 0)
		result = autoconfig_file_read(secret_bytes(response.body),
		    secret_len(response.body), address, buf_text(&url), &server,
		    err);
	if (result == 0)
		result = autoconfig_answer(&server, buf_text(&url),
		    request->answer_fd, err);
	http_response_done(&response);
	buf_done(&url);
	return result;
}

/* The domain becomes part of a URL, so it must be a plain host name. */
static int
autoconfig_add_url(const struct operation_request *request, const char *address,
    struct buf *url, struct error *err)
{
	static const char allowed[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
	const char *at = strrchr(address, '@');
	const char *domain = at != NULL ? at + 1 : "";

	if (*domain == '\0' || strchr("-.", *domain) != NULL ||
	    domain[strspn(domain, allowed)] != '\0')
		return error_set(err, ERROR_CONFIG,
		    "\"%s\" is not an address of a domain", address);
	if (request->options->well_known)
		return buf_addf(url, err,
		    "https://%s/.well-known/autoconfig/mail/config-v1.1.xml",
		    domain);
	return buf_addf(url, err, "https://autoconfig.%s/mail/config-v1.1.xml",
	    domain);
}

static int
autoconfig_fetch(const struct account *account, struct buf *url,
    struct http_response *response, struct error *err)
{
	const int64_t deadline_ms = clock_now_ms() + LIMIT_MS;

	for (int redirects = 0;; redirects++) {
		const struct http_request request = {.url = buf_text(url),
		    .accept = "application/xml, text/xml",
		    .returns_redirect = redirects < REDIRECTS_MAX,
		    .trust_file = account->text[SETTING_TOKEN_TRUST_FILE],
		    .trust_setting = "--token-trust-file",
		    .deadline_ms = deadline_ms};

		if (http_send(&request, response, err) == -1)
			return -1;
		if (response->status == HTTP_OK)
			return 0;
		if (response->status / 100 != 3)
			return error_set(err, ERROR_REFUSED,
			    "%s: HTTP status %ld", buf_text(url),
			    response->status);
		if (autoconfig_follow(url, response, err) == -1)
			return -1;
		http_response_done(response);
	}
}

static int
autoconfig_follow(struct buf *url, const struct http_response *response,
    struct error *err)
{
	const char *location = response->location;

	if (location == NULL)
		return error_set(err, ERROR_REFUSED,
		    "%s: a redirect to nowhere", buf_text(url));
	if (!text_has_prefix(location, "https://"))
		return error_set(err, ERROR_REFUSED,
		    "%s: a redirect to %s, which is not https, is not followed",
		    buf_text(url), location);
	buf_clear(url);
	return buf_add_text(url, location, err);
}

static int
autoconfig_answer(const struct autoconfig_server *server, const char *url,
    int fd, struct error *err)
{
	char *host = credential_message_server(server->host, server->port, err);
	const struct credential_message answer = {
	    .value = {[CREDENTIAL_HOST] = host,
		[CREDENTIAL_USERNAME] = server->user,
		[CREDENTIAL_SERVER_TLS] = server->tls,
		[CREDENTIAL_SERVER_AUTH] = server->auth,
		[CREDENTIAL_SERVER_URL] = url}};
	int result = -1;

	if (host != NULL)
		result = credential_message_write(&answer, fd, err);
	free(host);
	return result;
}
