/* SPDX-License-Identifier: MIT */
/*
 * Replaces GNU SASL in a build without it. Its mechanisms prove nothing; a
 * server that offers no other is trusted because of its certificate alone.
 */
#include "smtp/sasl-library.h"

#ifndef HAVE_GSASL

#include <stdlib.h>
#include <string.h>

#include <gnutls/gnutls.h>

#include "base/base64.h"
#include "base/text.h"
#include "smtp/params.h"

struct sasl_library {
	struct sasl_exchange exchange;
};

/* Adds the bytes of a response; step and *ret_done as for sasl_library_step. */
typedef int respond_function(const struct sasl_exchange *exchange, int step,
    struct secret *bytes, bool *ret_done, struct error *err);

static respond_function respond_external, respond_plain, respond_login;

static const struct {
	const char *name;
	respond_function *respond;
} mechanisms[] = {
    {"EXTERNAL", respond_external}, /* RFC 4422 appendix A */
    {"PLAIN", respond_plain},       /* RFC 4616 */
    {"LOGIN", respond_login},       /* draft-murchison-sasl-login */
};

static respond_function *find_respond(const char *mechanism);

bool
sasl_library_has(const char *mechanism)
{
	return find_respond(mechanism) != NULL;
}

/* By the newer rules for passwords (RFC 8265 section 4), which allow unassigned
 * code points never. */
bool
sasl_library_allows(const char *text, bool is_query)
{
	gnutls_datum_t prepared;

	(void)is_query;
	if (gnutls_utf8_password_normalize((const unsigned char *)text,
		strlen(text), &prepared, 0) != GNUTLS_E_SUCCESS)
		return false;
	secret_wipe(prepared.data, prepared.size);
	gnutls_free(prepared.data);
	return true;
}

struct sasl_library *
sasl_library_new(const struct sasl_exchange *exchange, struct error *err)
{
	struct sasl_library *library = calloc(1, sizeof *library);

	if (library == NULL)
		error_no_memory(err);
	else
		library->exchange = *exchange;
	return library;
}

void
sasl_library_free(struct sasl_library *library)
{
	free(library);
}

int
sasl_library_step(struct sasl_library *library, int step, const char *challenge,
    struct secret *response, bool *ret_done, struct error *err)
{
	const struct sasl_exchange *exchange = &library->exchange;
	respond_function *respond = find_respond(exchange->mechanism->name);
	struct secret *bytes;
	int result = -1;

	(void)challenge;
	if (respond == NULL)
		return error_set(err, ERROR_BUG, "%s: not in this build",
		    exchange->mechanism->name);
	bytes = secret_new(err);
	if (bytes != NULL && respond(exchange, step, bytes, ret_done, err) == 0)
		result = base64_add(response, secret_bytes(bytes),
		    secret_len(bytes), err);
	secret_free(bytes);
	return result;
}

static respond_function *
find_respond(const char *mechanism)
{
	for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++) {
		if (text_equals(mechanisms[i].name, mechanism))
			return mechanisms[i].respond;
	}
	return NULL;
}

static int
respond_external(const struct sasl_exchange *exchange, int step,
    struct secret *bytes, bool *ret_done, struct error *err)
{
	const char *authzid = exchange->params->authzid;

	(void)step;
	*ret_done = true;
	return authzid != NULL ? secret_add_text(bytes, authzid, err) : 0;
}

static int
respond_plain(const struct sasl_exchange *exchange, int step,
    struct secret *bytes, bool *ret_done, struct error *err)
{
	const char *authzid = exchange->params->authzid;

	(void)step;
	*ret_done = true;
	if (authzid != NULL && secret_add_text(bytes, authzid, err) == -1)
		return -1;
	if (secret_add(bytes, "", 1, err) == -1 ||
	    secret_add_text(bytes, exchange->names->authid, err) == -1 ||
	    secret_add(bytes, "", 1, err) == -1)
		return -1;
	return secret_add(bytes, secret_bytes(exchange->secret),
	    secret_len(exchange->secret), err);
}

/* "Username:", then "Password:"; some servers use other words. */
static int
respond_login(const struct sasl_exchange *exchange, int step,
    struct secret *bytes, bool *ret_done, struct error *err)
{
	*ret_done = step == 1;
	if (step == 0)
		return secret_add_text(bytes, exchange->names->authid, err);
	return secret_add(bytes, secret_bytes(exchange->secret),
	    secret_len(exchange->secret), err);
}

#endif
