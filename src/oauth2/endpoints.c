/* SPDX-License-Identifier: MIT */
/*
 * Finds the endpoints of an account. URLs from the provider's configuration
 * take precedence; the others are read from the issuer's metadata, which must
 * name the same issuer (RFC 8414 3.3).
 */
#include "oauth2/endpoints.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/token-server.h"
#include "https/json-document.h"
#include "https/http.h"
#include "oauth2/status-failure.h"

enum {
	STATUS_OK = 200,
	STATUS_SERVER_ERROR = 500
};

static const struct {
	enum provider_field field;
	const char *member; /* in the issuer's metadata */
	const char *name;   /* in messages */
} endpoint_table[ENDPOINT_COUNT] = {
    [ENDPOINT_AUTHORIZATION] = {PROVIDER_AUTHORIZATION_URL,
	"authorization_endpoint", "authorization-url"},
    [ENDPOINT_TOKEN] = {PROVIDER_TOKEN_URL, "token_endpoint", "token-url"},
    [ENDPOINT_DEVICE] = {PROVIDER_DEVICE_URL, "device_authorization_endpoint",
	"device-url"},
    [ENDPOINT_REVOCATION] = {PROVIDER_REVOCATION_URL, "revocation_endpoint",
	"revocation-url"},
};

static int endpoints_check_https(const struct endpoints *endpoints,
    enum endpoint which, struct error *err);
static int endpoints_discover(struct endpoints *endpoints, int64_t deadline_ms,
    struct error *err);
static char *openid_metadata_url(const char *issuer, struct error *err);
static char *oauth2_metadata_url(const char *issuer, struct error *err);
static int endpoints_fetch_metadata(struct endpoints *endpoints, char *url,
    int64_t deadline_ms, bool *ret_found, struct error *err);
static int endpoints_read_response(struct endpoints *endpoints, const char *url,
    const struct http_response *response, struct error *err);
static int endpoints_take_metadata(struct endpoints *endpoints,
    const struct json_document *answer, struct error *err);

int
endpoints_init(struct endpoints *endpoints, const struct account *account,
    struct error *err)
{
	*endpoints = (struct endpoints){.account = account};
	if (token_server_url(account, PROVIDER_ISSUER, &endpoints->issuer,
		err) == -1)
		return -1;
	for (unsigned i = 0; i < ENDPOINT_COUNT; i++) {
		if (token_server_url(account, endpoint_table[i].field,
			&endpoints->url[i], err) == -1)
			return -1;
	}
	return 0;
}

void
endpoints_done(struct endpoints *endpoints)
{
	for (unsigned i = 0; i < ENDPOINT_COUNT; i++)
		free(endpoints->url[i]);
	free(endpoints->issuer);
	*endpoints = (struct endpoints){0};
}

int
endpoints_remember(struct endpoints *endpoints, const char *issuer,
    const char *token_url, struct error *err)
{
	if (endpoints->url[ENDPOINT_TOKEN] != NULL || token_url == NULL ||
	    issuer == NULL || endpoints->issuer == NULL ||
	    strcmp(issuer, endpoints->issuer) != 0)
		return 0;
	endpoints->url[ENDPOINT_TOKEN] = strdup(token_url);
	return endpoints->url[ENDPOINT_TOKEN] != NULL ? 0
						      : error_no_memory(err);
}

bool
endpoints_issued(const struct endpoints *endpoints, const char *issuer,
    const char *token_url)
{
	const struct token_server server = {.issuer = endpoints->issuer,
	    .token_url = endpoints->url[ENDPOINT_TOKEN]};

	return token_server_issued(&server, issuer, token_url);
}

int
endpoints_require(struct endpoints *endpoints, enum endpoint which,
    int64_t deadline_ms, struct error *err)
{
	const char *provider = endpoints->account->provider->name;

	if (endpoints_look_up(endpoints, which, deadline_ms, err) == -1)
		return -1;
	if (endpoints->url[which] != NULL)
		return endpoints_check_https(endpoints, which, err);
	error_set(err, ERROR_CONFIG, "provider %s has no %s", provider,
	    endpoint_table[which].name);
	if (which == ENDPOINT_DEVICE)
		return error_hint(err, "sign in without --device");
	return error_hint(err, "set %s or issuer in a block of provider %s",
	    endpoint_table[which].name, provider);
}

int
endpoints_look_up(struct endpoints *endpoints, enum endpoint which,
    int64_t deadline_ms, struct error *err)
{
	if (endpoints->url[which] != NULL || endpoints->issuer == NULL ||
	    endpoints->is_discovered)
		return 0;
	return endpoints_discover(endpoints, deadline_ms, err);
}

/* https/http.h refuses other schemes too, but only after the person has signed
 * in. authorize-url.c checks the authorization endpoint. */
static int
endpoints_check_https(const struct endpoints *endpoints, enum endpoint which,
    struct error *err)
{
	if (which == ENDPOINT_AUTHORIZATION ||
	    text_has_prefix(endpoints->url[which], "https://"))
		return 0;
	error_set(err, ERROR_CONFIG,
	    "provider %s: the %s %s does not use https",
	    endpoints->account->provider->name, endpoint_table[which].name,
	    endpoints->url[which]);
	return error_hint(err,
	    "use its https:// URL, in %s of the provider block or in the "
	    "issuer's metadata: tokens are not sent without TLS",
	    endpoint_table[which].name);
}

/* Tries OpenID's location first, which nearly all issuers have, then that of
 * RFC 8414. */
static int
endpoints_discover(struct endpoints *endpoints, int64_t deadline_ms,
    struct error *err)
{
	const char *issuer = endpoints->issuer;
	bool found = false;

	if (endpoints_fetch_metadata(endpoints,
		openid_metadata_url(issuer, err), deadline_ms, &found,
		err) == -1)
		return -1;
	if (!found &&
	    endpoints_fetch_metadata(endpoints,
		oauth2_metadata_url(issuer, err), deadline_ms, &found,
		err) == -1)
		return -1;
	endpoints->is_discovered = true;
	if (found)
		return 0;
	error_set(err, ERROR_CONFIG, "issuer %s: no metadata found",
	    endpoints->issuer);
	error_set_cause(err, "token-endpoint");
	return error_hint(err,
	    "check issuer, or set authorization-url and token-url");
}

/* OpenID Connect Discovery 1.0, 4: the suffix follows the issuer's path. */
static char *
openid_metadata_url(const char *issuer, struct error *err)
{
	size_t len = strlen(issuer);

	if (len > 0 && issuer[len - 1] == '/')
		len--;
	return text_format(err, "%.*s/.well-known/openid-configuration",
	    (int)len, issuer);
}

/* RFC 8414 3.1: the suffix is inserted between host and path. */
static char *
oauth2_metadata_url(const char *issuer, struct error *err)
{
	const char *host = strstr(issuer, "://");
	const char *path = host != NULL ? strchr(host + 3, '/') : NULL;
	size_t len;

	if (path == NULL)
		path = issuer + strlen(issuer);
	len = strlen(path);
	if (len > 0 && path[len - 1] == '/')
		len--;
	return text_format(err,
	    "%.*s/.well-known/oauth-authorization-server%.*s",
	    (int)(path - issuer), issuer, (int)len, path);
}

/* Takes the URL; if it is NULL, err is already set. */
static int
endpoints_fetch_metadata(struct endpoints *endpoints, char *url,
    int64_t deadline_ms, bool *ret_found, struct error *err)
{
	const struct http_request request = {.url = url,
	    .trust_file = endpoints->account->text[SETTING_TOKEN_TRUST_FILE],
	    .trust_setting = "--token-trust-file",
	    .deadline_ms = deadline_ms};
	struct http_response response;
	int result = -1;

	if (url != NULL && http_send(&request, &response, err) == 0) {
		*ret_found = response.status == STATUS_OK;
		result =
		    endpoints_read_response(endpoints, url, &response, err);
		http_response_done(&response);
	}
	free(url);
	return result;
}

static int
endpoints_read_response(struct endpoints *endpoints, const char *url,
    const struct http_response *response, struct error *err)
{
	struct json_document *answer;
	int result;

	if (response->status >= STATUS_SERVER_ERROR) {
		error_set(err, ERROR_TEMPORARY,
		    "%s: the server returned HTTP status %ld", url,
		    response->status);
		return status_failure_explain(response->status, err);
	}
	if (response->status != STATUS_OK)
		return 0;
	answer = json_document_parse(response->body, url, err);
	if (answer == NULL)
		return -1;
	result = endpoints_take_metadata(endpoints, answer, err);
	json_document_free(answer);
	return result;
}

static int
endpoints_take_metadata(struct endpoints *endpoints,
    const struct json_document *answer, struct error *err)
{
	static const char methods[] = "token_endpoint_auth_methods_supported";
	const char *issuer = json_document_text(answer, "issuer");

	if (issuer == NULL || strcmp(issuer, endpoints->issuer) != 0) {
		error_set(err, ERROR_SECURITY,
		    "issuer %s: its metadata names another issuer: %s",
		    endpoints->issuer, issuer != NULL ? issuer : "(none)");
		error_set_cause(err, "token-endpoint");
		return error_hint(err,
		    "set issuer to the URL that the server calls itself by, "
		    "letter by letter; if it is another server's, something "
		    "answers in its place");
	}
	for (unsigned i = 0; i < ENDPOINT_COUNT; i++) {
		const char *url =
		    json_document_text(answer, endpoint_table[i].member);

		if (endpoints->url[i] != NULL || url == NULL)
			continue;
		endpoints->url[i] = strdup(url);
		if (endpoints->url[i] == NULL)
			return error_no_memory(err);
	}
	endpoints->issuer_required = json_document_is_true(answer,
	    "authorization_response_iss_parameter_supported");
	/* The default is client_secret_basic (RFC 8414 2). */
	endpoints->wants_basic =
	    !json_document_list_has(answer, methods, "client_secret_post");
	return 0;
}
