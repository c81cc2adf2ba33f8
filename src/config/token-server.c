/* SPDX-License-Identifier: MIT */
/*
 * Gets the issuer and the endpoints of an account's provider from the
 * configuration, and compares them with those that issued a token.
 */
#include "config/token-server.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

static int no_provider(const struct account *account, struct error *err);
static int tenant_missing(const struct account *account, struct error *err);
static bool same_server(const char *one, const char *other);

int
token_server_init(struct token_server *server, const struct account *account,
    struct error *err)
{
	*server = (struct token_server){0};
	if (token_server_url(account, PROVIDER_ISSUER, &server->issuer, err) ==
	    -1)
		return -1;
	return token_server_url(account, PROVIDER_TOKEN_URL, &server->token_url,
	    err);
}

void
token_server_done(struct token_server *server)
{
	free(server->issuer);
	free(server->token_url);
	*server = (struct token_server){0};
}

bool
token_server_issued(const struct token_server *server, const char *issuer,
    const char *token_url)
{
	if (issuer != NULL && server->issuer != NULL)
		return strcmp(issuer, server->issuer) == 0;
	return token_url == NULL || server->token_url == NULL ||
	    same_server(token_url, server->token_url);
}

int
token_server_url(const struct account *account, enum provider_field field,
    char **ret_url, struct error *err)
{
	static const char mark[] = "{tenant}";
	const char *tenant = account->text[SETTING_TENANT];
	const char *text;
	const char *at;

	if (account->provider == NULL)
		return no_provider(account, err);
	text = account->provider->text[field];
	if (text == NULL)
		return 0;
	at = strstr(text, mark);
	if (at != NULL && tenant == NULL)
		return tenant_missing(account, err);
	*ret_url = at == NULL ? text_format(err, "%s", text)
			      : text_format(err, "%.*s%s%s", (int)(at - text),
				    text, tenant, at + strlen(mark));
	return *ret_url == NULL ? -1 : 0;
}

static int
no_provider(const struct account *account, struct error *err)
{
	error_set(err, ERROR_CONFIG,
	    "%s: no provider, so no token endpoint is known",
	    account->text[SETTING_HOST]);
	return error_hint(err,
	    "set provider, or add a provider block with issuer: see "
	    "postrider(5)");
}

static int
tenant_missing(const struct account *account, struct error *err)
{
	error_set(err, ERROR_CONFIG, "provider %s requires a tenant",
	    account->provider->name);
	return error_hint(err,
	    "set tenant to the organisation's domain or GUID");
}

/* Whether two URLs have the same scheme, host and port. */
static bool
same_server(const char *one, const char *other)
{
	const char *host = strstr(one, "://");
	size_t len =
	    host != NULL ? (size_t)(host - one) + 3 : strlen("https://");

	len = strlen(one) < len ? strlen(one) : len;
	len += strcspn(one + len, "/?#");
	return strncasecmp(one, other, len) == 0 &&
	    strchr("/?#", other[len]) != NULL;
}
