/* SPDX-License-Identifier: MIT */
/*
 * Explains HTTP statuses: of a server that has a problem, of a proxy, and of
 * something that is no endpoint.
 */
#include "oauth2/status-failure.h"

#include <limits.h>
#include <stddef.h>

#define BUSY "try again later; the token endpoint has a problem"

/* The first row that includes the status counts. */
static const struct {
	long from;
	long to;
	enum error_code code;
	const char *cause;
	const char *hint;
} statuses[] = {
    {401, 401, ERROR_REFUSED, "client-secret",
	"check client-id and client-secret; the token endpoint refuses the "
	"client"},
    {301, 308, ERROR_REFUSED, "token-endpoint",
	"check token-url of the provider, which has moved; a sign-in page of "
	"the network may answer in its place, too"},
    {403, 403, ERROR_REFUSED, "token-endpoint",
	"try another network; the token endpoint, or a filter before it, "
	"refuses requests from this one (a VPN or hosting address, perhaps)"},
    {404, 405, ERROR_REFUSED, "token-endpoint",
	"check token-url (or issuer) and tenant of the provider; nothing that "
	"issues tokens is there"},
    {407, 407, ERROR_REFUSED, "proxy",
	"check https_proxy and all_proxy in the environment; the proxy "
	"requires a sign-in"},
    {408, 408, ERROR_TEMPORARY, "token-endpoint", BUSY},
    {429, 429, ERROR_TEMPORARY, "too-many-sign-ins",
	"wait a minute, then try again; the server received too many "
	"requests"},
    {511, 511, ERROR_TEMPORARY, "captive-network",
	"sign in to the network in a browser first, then try again"},
    {500, 599, ERROR_TEMPORARY, "token-endpoint", BUSY},
    {0, LONG_MAX, ERROR_REFUSED, "token-endpoint",
	"check issuer or token-url of the provider, and whether a proxy or "
	"a filter of the network answers in its place"},
};

bool
status_failure_is_servers(long status)
{
	return status >= 500 || status == 429;
}

int
status_failure_explain(long status, struct error *err)
{
	size_t i = 0;

	while (status < statuses[i].from || status > statuses[i].to)
		i++;
	err->code = statuses[i].code;
	error_hint(err, "%s", statuses[i].hint);
	return error_set_cause(err, statuses[i].cause);
}

int
status_failure_explain_content(struct error *err)
{
	if (err->code != ERROR_TEMPORARY)
		return -1;
	error_hint(err,
	    "try again later; if it repeats, check issuer or the URLs of the "
	    "provider, and whether a proxy or portal of the network answers in "
	    "its place");
	return error_set_cause(err, "token-endpoint");
}
