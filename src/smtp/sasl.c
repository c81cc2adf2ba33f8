/* SPDX-License-Identifier: MIT */
/*
 * Makes the responses of a SASL exchange: by GNU SASL, smtp/bearer.c, or a
 * program (smtp/command-mechanism.c). Keeps every response in a secret.
 */
#include "smtp/sasl.h"

#include <stdlib.h>
#include <string.h>

#include <gsasl.h>

#include "base/text.h"
#include "smtp/bearer.h"
#include "smtp/challenge.h"
#include "smtp/command-mechanism.h"
#include "smtp/sasl-names.h"
#include "smtp/sasl-ticket.h"
#include "smtp/params.h"
#include "smtp/tls.h"

enum {
	NAMES_ROOM = 2048 /* for everything but the secret */
};

struct sasl {
	const struct sasl_mechanism *mechanism;
	const struct smtp_params *params;
	const struct secret *secret;
	const struct tls_binding *binding;
	struct sasl_names names;
	struct command_mechanism *custom; /* a program of the user's, or NULL */
	Gsasl *library;                   /* both NULL without GNU SASL */
	Gsasl_session *session;
	char nonce[CHALLENGE_NONCE_SIZE];
	int steps;
	bool done;
	bool acknowledged; /* the reason for a refused token */
};

static int sasl_start(struct sasl *sasl, struct error *err);
static int sasl_start_library(struct sasl *sasl, struct error *err);
static int sasl_start_session(struct sasl *sasl, struct error *err);
static int sasl_set_properties(const struct sasl *sasl);
static int sasl_set_property(Gsasl *library, Gsasl_session *session,
    Gsasl_property property);
static const char *sasl_realm(const struct sasl *sasl);
static int sasl_set_binding(Gsasl_session *session,
    const struct tls_binding *binding, Gsasl_property property);
static int sasl_bearer_step(struct sasl *sasl, struct secret *response,
    struct error *err);
static int sasl_library_step(struct sasl *sasl, const char *challenge,
    struct secret *response, struct error *err);
static bool sasl_rejects_binding(const struct sasl *sasl, int status);
static int sasl_explain(const struct sasl *sasl, int failure,
    struct error *err);

struct sasl *
sasl_new(const struct sasl_mechanism *mechanism,
    const struct smtp_params *params, const struct secret *secret,
    const struct tls_binding *binding, struct error *err)
{
	struct sasl *sasl;

	if (secret != NULL &&
	    !text_is_one_line(secret_bytes(secret), secret_len(secret))) {
		error_set(err, ERROR_AUTH,
		    "the credential contains a line end or a NUL");
		return NULL;
	}
	sasl = calloc(1, sizeof *sasl);
	if (sasl == NULL) {
		error_no_memory(err);
		return NULL;
	}
	sasl->mechanism = mechanism;
	sasl->params = params;
	sasl->secret = secret;
	sasl->binding = binding;
	if (sasl_start(sasl, err) == -1) {
		sasl_free(sasl);
		return NULL;
	}
	return sasl;
}

void
sasl_free(struct sasl *sasl)
{
	if (sasl == NULL)
		return;
	if (sasl->session != NULL)
		gsasl_finish(sasl->session);
	if (sasl->library != NULL)
		gsasl_done(sasl->library);
	command_mechanism_free(sasl->custom);
	free(sasl);
}

int
sasl_step(struct sasl *sasl, const char *challenge, struct secret *response,
    struct error *err)
{
	bool is_bearer = (sasl->mechanism->traits & SASL_IS_BEARER) != 0;
	int step = sasl->steps++;

	if (sasl->done && challenge == NULL)
		return error_set(err, ERROR_BUG, "a SASL step after the last");
	if (sasl->done && (!is_bearer || sasl->acknowledged))
		return error_set(err, ERROR_AUTH,
		    "%s: the server sent a challenge after the exchange ended",
		    sasl->mechanism->name);
	if (challenge != NULL &&
	    challenge_check(sasl->mechanism, step, sasl->nonce, challenge,
		err) == -1)
		return -1;
	if (sasl->custom != NULL)
		return command_mechanism_step(sasl->custom, challenge, response,
		    err);
	if (is_bearer)
		return sasl_bearer_step(sasl, response, err);
	if (sasl_library_step(sasl, challenge, response, err) == -1)
		return -1;
	if (step == 0)
		challenge_take_nonce(secret_bytes(response), sasl->nonce);
	return 0;
}

bool
sasl_is_done(const struct sasl *sasl)
{
	return sasl->done || sasl->custom != NULL;
}

int
sasl_accept(struct sasl *sasl, struct error *err)
{
	return sasl->custom != NULL
	    ? command_mechanism_accept(sasl->custom, err)
	    : 0;
}

bool
sasl_begins(const struct sasl *sasl)
{
	if (sasl->custom != NULL)
		return command_mechanism_begins(sasl->custom);
	return (sasl->mechanism->traits & SASL_SERVER_FIRST) == 0;
}

bool
sasl_first_fits_line(const struct sasl *sasl)
{
	size_t len = sasl->secret != NULL ? secret_len(sasl->secret) : 0;

	if (sasl->custom != NULL)
		return command_mechanism_first_fits(sasl->custom);
	return (len + NAMES_ROOM) / 3 * 4 <= CHALLENGE_MAX;
}

static int
sasl_start(struct sasl *sasl, struct error *err)
{
	const struct sasl_mechanism *mechanism = sasl->mechanism;

	if ((mechanism->traits & SASL_IS_COMMAND) != 0) {
		sasl->custom =
		    command_mechanism_start(sasl->params, sasl->secret, err);
		return sasl->custom == NULL ? -1 : 0;
	}
	if ((mechanism->traits & SASL_IS_BEARER) != 0)
		return 0;
	if (sasl_names_fill(&sasl->names, mechanism, sasl->params, sasl->secret,
		err) == -1)
		return -1;
	return sasl_start_library(sasl, err);
}

static int
sasl_start_library(struct sasl *sasl, struct error *err)
{
	int failure = gsasl_init(&sasl->library);

	if (failure != GSASL_OK) {
		sasl->library = NULL;
		return sasl_explain(sasl, failure, err);
	}
	/* An abandoned step must not use what is ours. */
	if ((sasl->mechanism->traits & SASL_NEEDS_TICKET) == 0) {
		gsasl_callback_hook_set(sasl->library, sasl);
		gsasl_callback_set(sasl->library, sasl_set_property);
	}
	return sasl_start_session(sasl, err);
}

static int
sasl_start_session(struct sasl *sasl, struct error *err)
{
	int failure = gsasl_client_start(sasl->library, sasl->mechanism->name,
	    &sasl->session);

	if (failure != GSASL_OK) {
		sasl->session = NULL;
		return sasl_explain(sasl, failure, err);
	}
	failure = sasl_set_properties(sasl);
	return failure == GSASL_OK ? 0 : sasl_explain(sasl, failure, err);
}

static int
sasl_set_properties(const struct sasl *sasl)
{
	const struct sasl_names *names = &sasl->names;
	bool by_ticket = (sasl->mechanism->traits & SASL_NEEDS_TICKET) != 0;
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
	    {GSASL_AUTHZID, sasl->params->authzid},
	    {GSASL_PASSWORD,
		by_ticket || sasl->secret == NULL ? NULL
						  : secret_bytes(sasl->secret)},
	};
	int failure = GSASL_OK;

	for (size_t i = 0;
	     i < sizeof properties / sizeof *properties && failure == GSASL_OK;
	     i++) {
		if (properties[i].value != NULL)
			failure = gsasl_property_set(sasl->session,
			    properties[i].property, properties[i].value);
	}
	return failure;
}

/* Called by GNU SASL for a property that is not known when the session starts,
 * or that depends on the challenge. */
static int
sasl_set_property(Gsasl *library, Gsasl_session *session,
    Gsasl_property property)
{
	const struct sasl *sasl = gsasl_callback_hook_get(library);
	const struct tls_binding *binding = sasl->binding;
	const char *realm = sasl_realm(sasl);

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
sasl_realm(const struct sasl *sasl)
{
	const char *name = sasl->mechanism->name;

	if (text_equals(name, "NTLM"))
		return sasl->params->ntlm_domain;
	return sasl->params->realm;
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

/* There is only one response; a challenge after it explains a refusal. */
static int
sasl_bearer_step(struct sasl *sasl, struct secret *response, struct error *err)
{
	const char *acknowledgement = bearer_acknowledgement(sasl->mechanism);

	if (!sasl->done) {
		sasl->done = true;
		return bearer_response(sasl->mechanism, sasl->params,
		    sasl->secret, response, err);
	}
	sasl->acknowledged = true;
	return secret_add_text(response, acknowledgement, err);
}

static int
sasl_library_step(struct sasl *sasl, const char *challenge,
    struct secret *response, struct error *err)
{
	char *out = NULL;
	int result = -1;
	int status;

	if (challenge == NULL)
		challenge = "";
	if ((sasl->mechanism->traits & SASL_NEEDS_TICKET) == 0)
		status = gsasl_step64(sasl->session, challenge, &out);
	else if (sasl_ticket_step(&sasl->library, &sasl->session, challenge,
		     sasl->params, &sasl->names, &out, &status, err) == -1)
		return -1;
	if (sasl_rejects_binding(sasl, status)) {
		sasl->binding = NULL;
		gsasl_finish(sasl->session);
		if (sasl_start_session(sasl, err) == -1)
			return -1;
		status = gsasl_step64(sasl->session, "", &out);
	}
	if (status != GSASL_OK && status != GSASL_NEEDS_MORE)
		return sasl_explain(sasl, status, err);
	sasl->done = status == GSASL_OK;
	if (out == NULL)
		return 0;
	result = secret_add_text(response, out, err);
	secret_wipe(out, strlen(out));
	gsasl_free(out);
	return result;
}

/*
 * GNU SASL 2.2.0 fails to say "y" (RFC 5802 section 6): given a channel binding
 * that is not used, it rejects its own first message. The exchange is then
 * restarted without it, and says "n".
 */
static bool
sasl_rejects_binding(const struct sasl *sasl, int status)
{
	return status == GSASL_AUTHENTICATION_ERROR && sasl->steps == 1 &&
	    sasl->binding != NULL &&
	    (sasl->mechanism->traits & SASL_NEEDS_BINDING) == 0;
}

static int
sasl_explain(const struct sasl *sasl, int failure, struct error *err)
{
	const struct sasl_mechanism *mechanism = sasl->mechanism;

	if (failure == GSASL_MALLOC_ERROR)
		return error_no_memory(err);
	if ((mechanism->traits & SASL_NEEDS_TICKET) != 0)
		return sasl_ticket_explain(mechanism, sasl->params,
		    &sasl->names, sasl->steps == 1, failure, err);
	if (failure == GSASL_AUTHENTICATION_ERROR &&
	    (mechanism->traits & SASL_PROVES_SERVER) != 0) {
		error_set(err, ERROR_SECURITY,
		    "%s: the server failed to prove that it knows the password",
		    sasl->params->host);
		return error_hint(err,
		    "the server may be an impostor; no mail was sent");
	}
	return error_set(err, ERROR_AUTH, "%s: %s", mechanism->name,
	    gsasl_strerror(failure));
}
