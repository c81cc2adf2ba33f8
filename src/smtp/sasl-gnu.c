/* SPDX-License-Identifier: MIT */
/*
 * One exchange by GNU SASL.
 */
#include "smtp/sasl-library.h"

#ifdef HAVE_GSASL

#include <stdlib.h>
#include <string.h>

#include <gsasl.h>

#include "base/text.h"
#include "smtp/params.h"
#include "smtp/sasl-ticket.h"
#include "smtp/tls.h"

struct sasl_library {
	struct sasl_exchange exchange;
	Gsasl *gnu;
	Gsasl_session *session;
};

static int sasl_library_start(struct sasl_library *library, struct error *err);
static int sasl_start_session(struct sasl_library *library, struct error *err);
static int sasl_set_properties(const struct sasl_library *library);
static int sasl_set_property(Gsasl *gnu, Gsasl_session *session,
    Gsasl_property property);
static const char *sasl_realm(const struct sasl_exchange *exchange);
static int sasl_set_binding(Gsasl_session *session,
    const struct tls_binding *binding, Gsasl_property property);
static bool sasl_rejects_binding(const struct sasl_exchange *exchange, int step,
    int status);
static int sasl_explain(const struct sasl_exchange *exchange, int step,
    int failure, struct error *err);

bool
sasl_library_has(const char *mechanism)
{
	Gsasl *gnu = NULL;
	bool known;

	if (gsasl_init(&gnu) != GSASL_OK)
		return false;
	known = gsasl_client_support_p(gnu, mechanism) != 0;
	gsasl_done(gnu);
	return known;
}

bool
sasl_library_allows(const char *text, bool is_query)
{
	char *prepared = NULL;

	if (gsasl_saslprep(text, is_query ? GSASL_ALLOW_UNASSIGNED : 0,
		&prepared, NULL) != GSASL_OK)
		return false;
	secret_wipe(prepared, strlen(prepared));
	gsasl_free(prepared);
	return true;
}

struct sasl_library *
sasl_library_new(const struct sasl_exchange *exchange, struct error *err)
{
	struct sasl_library *library = calloc(1, sizeof *library);

	if (library == NULL) {
		error_no_memory(err);
		return NULL;
	}
	library->exchange = *exchange;
	if (sasl_library_start(library, err) == -1) {
		sasl_library_free(library);
		return NULL;
	}
	return library;
}

void
sasl_library_free(struct sasl_library *library)
{
	if (library == NULL)
		return;
	if (library->session != NULL)
		gsasl_finish(library->session);
	if (library->gnu != NULL)
		gsasl_done(library->gnu);
	free(library);
}

int
sasl_library_step(struct sasl_library *library, int step, const char *challenge,
    struct secret *response, bool *ret_done, struct error *err)
{
	struct sasl_exchange *exchange = &library->exchange;
	char *out = NULL;
	int result = -1;
	int status;

	if (challenge == NULL)
		challenge = "";
	if ((exchange->mechanism->traits & SASL_NEEDS_TICKET) == 0)
		status = gsasl_step64(library->session, challenge, &out);
	else if (sasl_ticket_step(&library->gnu, &library->session, challenge,
		     exchange->params, exchange->names, &out, &status,
		     err) == -1)
		return -1;
	if (sasl_rejects_binding(exchange, step, status)) {
		exchange->binding = NULL;
		gsasl_finish(library->session);
		if (sasl_start_session(library, err) == -1)
			return -1;
		status = gsasl_step64(library->session, "", &out);
	}
	if (status != GSASL_OK && status != GSASL_NEEDS_MORE)
		return sasl_explain(exchange, step, status, err);
	*ret_done = status == GSASL_OK;
	if (out == NULL)
		return 0;
	result = secret_add_text(response, out, err);
	secret_wipe(out, strlen(out));
	gsasl_free(out);
	return result;
}

static int
sasl_library_start(struct sasl_library *library, struct error *err)
{
	int failure = gsasl_init(&library->gnu);

	if (failure != GSASL_OK) {
		library->gnu = NULL;
		return sasl_explain(&library->exchange, 0, failure, err);
	}
	/* An abandoned step must not use what is ours. */
	if ((library->exchange.mechanism->traits & SASL_NEEDS_TICKET) == 0) {
		gsasl_callback_hook_set(library->gnu, library);
		gsasl_callback_set(library->gnu, sasl_set_property);
	}
	return sasl_start_session(library, err);
}

static int
sasl_start_session(struct sasl_library *library, struct error *err)
{
	const struct sasl_exchange *exchange = &library->exchange;
	int failure = gsasl_client_start(library->gnu,
	    exchange->mechanism->name, &library->session);

	if (failure != GSASL_OK) {
		library->session = NULL;
		return sasl_explain(exchange, 0, failure, err);
	}
	failure = sasl_set_properties(library);
	return failure == GSASL_OK ? 0
				   : sasl_explain(exchange, 0, failure, err);
}

static int
sasl_set_properties(const struct sasl_library *library)
{
	const struct sasl_exchange *exchange = &library->exchange;
	const struct sasl_names *names = exchange->names;
	bool by_ticket = (exchange->mechanism->traits & SASL_NEEDS_TICKET) != 0;
	const struct {
		Gsasl_property property;
		const char *value;
	} properties[] = {
	    {GSASL_SERVICE, names->service},
	    {GSASL_HOSTNAME, names->host},
	    {GSASL_ANONYMOUS_TOKEN, names->authid},
	    /* With a ticket GNU SASL would send it as the authorization
	       identity. */
	    {GSASL_AUTHID, by_ticket ? NULL : names->authid},
	    {GSASL_AUTHZID, exchange->params->authzid},
	    {GSASL_PASSWORD,
		by_ticket || exchange->secret == NULL
		    ? NULL
		    : secret_bytes(exchange->secret)},
	};
	int failure = GSASL_OK;

	for (size_t i = 0;
	     i < sizeof properties / sizeof *properties && failure == GSASL_OK;
	     i++) {
		if (properties[i].value != NULL)
			failure = gsasl_property_set(library->session,
			    properties[i].property, properties[i].value);
	}
	return failure;
}

/* Called by GNU SASL for a property that is not known when the session starts,
 * or that depends on the challenge. */
static int
sasl_set_property(Gsasl *gnu, Gsasl_session *session, Gsasl_property property)
{
	const struct sasl_library *library = gsasl_callback_hook_get(gnu);
	const struct tls_binding *binding = library->exchange.binding;
	const char *realm = sasl_realm(&library->exchange);

	if (property == GSASL_REALM && realm != NULL)
		return gsasl_property_set(session, GSASL_REALM, realm);
	if (binding == NULL)
		return GSASL_NO_CALLBACK;
#if GSASL_VERSION_NUMBER >= 0x020200
	if (property == GSASL_CB_TLS_EXPORTER && binding->is_exporter)
		return sasl_set_binding(session, binding, property);
#endif
	if (property == GSASL_CB_TLS_UNIQUE && !binding->is_exporter)
		return sasl_set_binding(session, binding, property);
	return GSASL_NO_CALLBACK;
}

static const char *
sasl_realm(const struct sasl_exchange *exchange)
{
	if (text_equals(exchange->mechanism->name, "NTLM"))
		return exchange->params->ntlm_domain;
	return exchange->params->realm;
}

static int
sasl_set_binding(Gsasl_session *session, const struct tls_binding *binding,
    Gsasl_property property)
{
	char *encoded = NULL;
	int failure = gsasl_base64_to((const char *)binding->bytes,
	    binding->len, &encoded, NULL);

	if (failure != GSASL_OK)
		return failure;
	failure = gsasl_property_set(session, property, encoded);
	gsasl_free(encoded);
	return failure;
}

/*
 * GNU SASL 2.2.0 fails to say "y" (RFC 5802 section 6): given a channel binding
 * that is not used, it rejects its own first message. The exchange is then
 * restarted without it, and says "n".
 */
static bool
sasl_rejects_binding(const struct sasl_exchange *exchange, int step, int status)
{
	return status == GSASL_AUTHENTICATION_ERROR && step == 0 &&
	    exchange->binding != NULL &&
	    (exchange->mechanism->traits & SASL_NEEDS_BINDING) == 0;
}

static int
sasl_explain(const struct sasl_exchange *exchange, int step, int failure,
    struct error *err)
{
	const struct sasl_mechanism *mechanism = exchange->mechanism;

	if (failure == GSASL_MALLOC_ERROR)
		return error_no_memory(err);
	if ((mechanism->traits & SASL_NEEDS_TICKET) != 0)
		return sasl_ticket_explain(mechanism, exchange->params,
		    exchange->names, step == 0, failure, err);
	if (failure == GSASL_AUTHENTICATION_ERROR &&
	    (mechanism->traits & SASL_PROVES_SERVER) != 0) {
		error_set(err, ERROR_SECURITY,
		    "%s: the server failed to prove that it knows the password",
		    exchange->params->host);
		return error_hint(err,
		    "the server may be an impostor; no mail was sent");
	}
	return error_set(err, ERROR_AUTH, "%s: %s", mechanism->name,
	    gsasl_strerror(failure));
}

#endif
