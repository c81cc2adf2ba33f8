/* SPDX-License-Identifier: MIT */
/*
 * Builds the authorization URL from the request, the state and the challenge.
 */
#include "oauth2/authorize-url.h"

#include <string.h>

#include "base/text.h"
#include "https/form.h"
#include "oauth2/pkce.h"

static int check_url_text(const char *text, const char *what,
    struct error *err);
static bool is_safe_endpoint(const char *url);
static int authorize_url_add_query(struct secret *query,
    const struct authorization_request *request, const char *redirect_uri,
    const struct secret *state, struct error *err);
static int authorize_url_add_challenge(struct secret *query,
    const struct secret *verifier, struct error *err);
static int authorize_url_add_optional(struct secret *query, const char *name,
    const char *value, struct error *err);
static int authorize_url_add_parameters(struct secret *query,
    const char *parameters, struct error *err);

int
authorize_url(struct secret *url, const struct authorization_request *request,
    const char *redirect_uri, const struct secret *state,
    const struct secret *verifier, struct error *err)
{
	const char *joint = strchr(request->url, '?') == NULL ? "?" : "&";
	struct secret *query;
	int result = -1;

	if (check_url_text(request->url, "authorization endpoint", err) == -1)
		return -1;
	if (!is_safe_endpoint(request->url)) {
		error_set(err, ERROR_CONFIG,
		    "the authorization endpoint %s does not use https",
		    request->url);
		return error_hint(err,
		    "use its https:// URL, in authorization-url of the "
		    "provider block or in the issuer's metadata");
	}
	query = secret_new(err);
	if (query != NULL &&
	    authorize_url_add_query(query, request, redirect_uri, state, err) ==
		0 &&
	    authorize_url_add_challenge(query, verifier, err) == 0 &&
	    authorize_url_add_parameters(query, request->parameters, err) ==
		0 &&
	    secret_add_text(url, request->url, err) == 0 &&
	    secret_add_text(url, joint, err) == 0)
		result = secret_add(url, secret_bytes(query), secret_len(query),
		    err);
	secret_free(query);
	return result;
}

/* The URL is printed on the terminal and passed to a command. */
static int
check_url_text(const char *text, const char *what, struct error *err)
{
	for (const char *at = text; *at != '\0'; at++) {
		if (*at <= ' ' || *at > '~' || strchr("\"'<>\\`#", *at) != NULL)
			return error_set(err, ERROR_CONFIG,
			    "the %s %s contains characters that are not "
			    "allowed in a URL",
			    what, text);
	}
	return 0;
}

static bool
is_safe_endpoint(const char *url)
{
	static const char *const loopback[] = {"http://127.0.0.1",
	    "http://[::1]", "http://localhost"};

	if (text_has_prefix(url, "https://"))
		return url[strlen("https://")] != '\0';
	for (size_t i = 0; i < sizeof loopback / sizeof loopback[0]; i++) {
		const char *rest;

		if (!text_has_prefix(url, loopback[i]))
			continue;
		rest = url + strlen(loopback[i]);
		if (*rest == ':')
			rest += 1 + strspn(rest + 1, "0123456789");
		return *rest == '/';
	}
	return false;
}

static int
authorize_url_add_query(struct secret *query,
    const struct authorization_request *request, const char *redirect_uri,
    const struct secret *state, struct error *err)
{
	if (form_add(query, "response_type", "code", err) == -1 ||
	    form_add(query, "client_id", request->client_id, err) == -1 ||
	    form_add(query, "redirect_uri", redirect_uri, err) == -1 ||
	    authorize_url_add_optional(query, "scope", request->scope, err) ==
		-1 ||
	    authorize_url_add_optional(query, "login_hint", request->login_hint,
		err) == -1)
		return -1;
	return form_add_secret(query, "state", state, err);
}

static int
authorize_url_add_challenge(struct secret *query, const struct secret *verifier,
    struct error *err)
{
	struct secret *challenge = pkce_challenge(verifier, err);
	int result = -1;

	if (challenge != NULL &&
	    form_add_secret(query, "code_challenge", challenge, err) == 0)
		result = form_add(query, "code_challenge_method", "S256", err);
	secret_free(challenge);
	return result;
}

static int
authorize_url_add_optional(struct secret *query, const char *name,
    const char *value, struct error *err)
{
	return value == NULL ? 0 : form_add(query, name, value, err);
}

static int
authorize_url_add_parameters(struct secret *query, const char *parameters,
    struct error *err)
{
	if (parameters == NULL || *parameters == '\0')
		return 0;
	if (check_url_text(parameters, "extra parameter list", err) == -1 ||
	    secret_add_text(query, "&", err) == -1)
		return -1;
	return secret_add_text(query, parameters, err);
}
