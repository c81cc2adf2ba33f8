/* SPDX-License-Identifier: MIT */
/*
 * Authenticates the client by a client secret, in the form or in an
 * Authorization header field, or by a signed assertion.
 */
#include "oauth2/client-auth.h"

#include <time.h>

#include "base/base64.h"
#include "https/form.h"
#include "oauth2/jwt.h"

static int client_auth_add_assertion(const struct token_client *client,
    struct secret *form, struct error *err);
static int client_auth_basic(const struct token_client *client,
    struct secret **ret_authorization, struct error *err);
static int client_auth_encode_basic(const struct token_client *client,
    struct secret *pair, struct secret *out, struct error *err);

int
client_auth_add(const struct token_client *client, struct secret *form,
    struct secret **ret_authorization, struct error *err)
{
	char *const *text = client->account->text;

	*ret_authorization = NULL;
	if (text[SETTING_CLIENT_ID] == NULL) {
		error_set(err, ERROR_CONFIG, "%s: client-id isn't set",
		    account_label(client->account));
		return error_hint(err,
		    "run postrider login %s, which prompts for it",
		    account_label(client->account));
	}
	if (text[SETTING_CLIENT_KEY] == NULL && client->client_secret != NULL &&
	    client->endpoints->wants_basic)
		return client_auth_basic(client, ret_authorization, err);
	if (form_add(form, "client_id", text[SETTING_CLIENT_ID], err) == -1)
		return -1;
	if (text[SETTING_CLIENT_KEY] != NULL)
		return client_auth_add_assertion(client, form, err);
	if (client->client_secret == NULL)
		return 0;
	return form_add_secret(form, "client_secret", client->client_secret,
	    err);
}

static int
client_auth_add_assertion(const struct token_client *client,
    struct secret *form, struct error *err)
{
	char *const *text = client->account->text;
	const struct jwt_request request = {.client_id =
						text[SETTING_CLIENT_ID],
	    .audience = client->endpoints->url[ENDPOINT_TOKEN],
	    .certificate = text[SETTING_CLIENT_CERT_FILE],
	    .key = text[SETTING_CLIENT_KEY],
	    .rsa =
		account_is(client->account, SETTING_CLIENT_SIGNATURE, "rs256")
		? SIGNING_RS256
		: SIGNING_PS256,
	    .now = time(NULL)};
	struct secret *assertion;
	int result = -1;

	if (jwt_assertion(&request, &assertion, err) == -1)
		return -1;
	if (form_add(form, "client_assertion_type",
		"urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
		err) == 0)
		result =
		    form_add_secret(form, "client_assertion", assertion, err);
	secret_free(assertion);
	return result;
}

static int
client_auth_basic(const struct token_client *client,
    struct secret **ret_authorization, struct error *err)
{
	struct secret *pair = secret_new(err);
	struct secret *out = pair != NULL ? secret_new(err) : NULL;
	int result = -1;

	if (out != NULL)
		result = client_auth_encode_basic(client, pair, out, err);
	secret_free(pair);
	if (result == 0)
		*ret_authorization = out;
	else
		secret_free(out);
	return result;
}

/* Both parts are form-encoded before they are joined (RFC 6749 2.3.1). */
static int
client_auth_encode_basic(const struct token_client *client, struct secret *pair,
    struct secret *out, struct error *err)
{
	if (form_add_value(pair, client->account->text[SETTING_CLIENT_ID],
		err) == -1 ||
	    secret_add_text(pair, ":", err) == -1 ||
	    form_add_value(pair, secret_bytes(client->client_secret), err) ==
		-1 ||
	    secret_add_text(out, "Basic ", err) == -1)
		return -1;
	return base64_add(out, secret_bytes(pair), secret_len(pair), err);
}
