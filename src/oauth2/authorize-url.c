/* SPDX-License-Identifier: MIT */
/*
 * Writes the authorization request. Doesn't know who opens it.
 */
#include "oauth2/authorize-url.h"

#include <string.h>

#include "base/text.h"
#include "https/form.h"
#include "oauth2/pkce.h"

static int check_text(const char *text, const char *what, struct error *err);
static bool is_safe(const char *url);
static int add_query(struct secret *query,
    const struct authorization_request *request, const char *redirect_uri,
    const struct secret *state, struct error *err);
static int add_challenge(struct secret *query, const struct secret *verifier,
    struct error *err);
static int add_optional(struct secret *query, const char *name,
    const char *value, struct error *err);
static int add_parameters(struct secret *query, const char *parameters,
    struct error *err);

int
authorize_url(struct secret *url, const struct authorization_request *request,
    const char *redirect_uri, const struct secret *state,
    const struct secret *verifier, struct error *err)
{
	const char *joint = strchr(request->url, '?') == NULL ? "?" : "&";
	struct secret *query;
	int result = -1;

	if (check_text(request->url, "authorization endpoint", err) == -1)
		return -1;
	if (!is_safe(request->url))
		return error_set(err, ERROR_CONFIG,
		    "the authorization endpoint %s is not https", request->url);
	query = secret_new(err);
	if (query != NULL &&
	    add_query(query, request, redirect_uri, state, err) == 0 &&
	    add_challenge(query, verifier, err) == 0 &&
	    add_parameters(query, request->parameters, err) == 0 &&
	    secret_add(url, request->url, strlen(request->url), err) == 0 &&
	    secret_add(url, joint, 1, err) == 0)
		result = secret_add(url, secret_bytes(query), secret_len(query),
		    err);
	secret_free(query);
	return result;
}

/* It goes to the terminal and into a command line. */
static int
check_text(const char *text, const char *what, struct error *err)
{
	for (const char *at = text; *at != '\0'; at++) {
		if (*at <= ' ' || *at > '~' || strchr("\"'<>\\`#", *at) != NULL)
			return error_set(err, ERROR_CONFIG,
			    "the %s %s has characters that no URL has", what,
			    text);
	}
	return 0;
}

static bool
is_safe(const char *url)
{
	static const char *const here[] = {"http://127.0.0.1", "http://[::1]",
	    "http://localhost"};

	if (text_has_prefix(url, "https://"))
		return url[strlen("https://")] != '\0';
	for (size_t i = 0; i < sizeof here / sizeof here[0]; i++) {
		const char *rest;

		if (!text_has_prefix(url, here[i]))
			continue;
		rest = url + strlen(here[i]);
		if (*rest == ':')
			rest += 1 + strspn(rest + 1, "0123456789");
		return *rest == '/';
	}
	return false;
}

static int
add_query(struct secret *query, const struct authorization_request *request,
    const char *redirect_uri, const struct secret *state, struct error *err)
{
	if (form_add(query, "response_type", "code", err) == -1 ||
	    form_add(query, "client_id", request->client_id, err) == -1 ||
	    form_add(query, "redirect_uri", redirect_uri, err) == -1 ||
	    add_optional(query, "scope", request->scope, err) == -1 ||
	    add_optional(query, "login_hint", request->login_hint, err) == -1)
		return -1;
	return form_add_secret(query, "state", state, err);
}

static int
add_challenge(struct secret *query, const struct secret *verifier,
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
add_optional(struct secret *query, const char *name, const char *value,
    struct error *err)
{
	return value == NULL ? 0 : form_add(query, name, value, err);
}

static int
add_parameters(struct secret *query, const char *parameters, struct error *err)
{
	if (parameters == NULL || *parameters == '\0')
		return 0;
	if (check_text(parameters, "extra parameter list", err) == -1 ||
	    secret_add(query, "&", 1, err) == -1)
		return -1;
	return secret_add(query, parameters, strlen(parameters), err);
}
