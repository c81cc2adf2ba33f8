/* SPDX-License-Identifier: MIT */
/*
 * The steps of a sign-in. GNU SASL does the thinking; this file gives it what
 * it asks for and keeps what comes out in a secret.
 */
#include "smtp/sasl.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <gsasl.h>

#include "base/text.h"
#include "smtp/bearer.h"
#include "smtp/command-mechanism.h"

enum {
	CHALLENGE_MAX = 12288, /* RFC 4954 section 4 */
	/* Rounds of a hash that a server may cost us: a second or two. Nobody
	   else asks for more than 600000. */
	ITERATIONS_MAX = 2000000,
	NAMES_ROOM = 2048 /* what stands beside the secret in a response */
};

struct sasl {
	const struct sasl_mechanism *mechanism;
	struct sasl_identity identity;
	struct command_mechanism *own; /* a program of the user's, or NULL */
	Gsasl *library;                /* both NULL for what isn't GNU SASL's */
	Gsasl_session *session;
	bool done;
};

static int start(struct sasl *sasl, struct error *err);
static int start_library(struct sasl *sasl, struct error *err);
static int bearer_step(struct sasl *sasl, const char *challenge,
    struct secret *response, struct error *err);
static int library_step(struct sasl *sasl, const char *challenge,
    struct secret *response, struct error *err);
static int check_effort(const struct sasl *sasl, const char *challenge,
    struct error *err);
static bool is_bearable(const char *message, size_t len);
static int explain(const struct sasl *sasl, int failure, struct error *err);

struct sasl *
sasl_new(const struct sasl_mechanism *mechanism,
    const struct sasl_identity *identity, struct error *err)
{
	struct sasl *sasl;

	if (identity->secret != NULL &&
	    !text_is_one_line(secret_bytes(identity->secret),
		secret_len(identity->secret))) {
		error_set(err, ERROR_AUTH,
		    "the credential holds a line end or a NUL");
		return NULL;
	}
	sasl = calloc(1, sizeof *sasl);
	if (sasl == NULL) {
		error_no_memory(err);
		return NULL;
	}
	sasl->mechanism = mechanism;
	sasl->identity = *identity;
	if (start(sasl, err) == -1) {
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
	command_mechanism_free(sasl->own);
	free(sasl);
}

int
sasl_step(struct sasl *sasl, const char *challenge, struct secret *response,
    struct error *err)
{
	if (challenge != NULL && strlen(challenge) > CHALLENGE_MAX)
		return error_set(err, ERROR_AUTH,
		    "%s: a challenge of more than %d bytes",
		    sasl->mechanism->name, CHALLENGE_MAX);
	if (sasl->own != NULL)
		return command_mechanism_step(sasl->own, challenge, response,
		    err);
	if ((sasl->mechanism->traits & SASL_IS_BEARER) != 0)
		return bearer_step(sasl, challenge, response, err);
	return library_step(sasl, challenge, response, err);
}

bool
sasl_is_done(const struct sasl *sasl)
{
	return sasl->done || sasl->own != NULL;
}

int
sasl_accept(struct sasl *sasl, struct error *err)
{
	return sasl->own != NULL ? command_mechanism_accept(sasl->own, err) : 0;
}

bool
sasl_begins(const struct sasl *sasl)
{
	if (sasl->own != NULL)
		return command_mechanism_begins(sasl->own);
	return (sasl->mechanism->traits & SASL_SERVER_FIRST) == 0;
}

bool
sasl_first_fits_line(const struct sasl *sasl)
{
	size_t len = sasl->identity.secret != NULL
	    ? secret_len(sasl->identity.secret)
	    : 0;

	if (sasl->own != NULL)
		return command_mechanism_first_fits(sasl->own);
	return (len + NAMES_ROOM) / 3 * 4 <= CHALLENGE_MAX;
}

static int
start(struct sasl *sasl, struct error *err)
{
	const struct sasl_identity *identity = &sasl->identity;
	unsigned traits = sasl->mechanism->traits;

	if ((traits & SASL_IS_COMMAND) != 0) {
		sasl->own = command_mechanism_start(identity->params,
		    identity->secret, err);
		return sasl->own == NULL ? -1 : 0;
	}
	return (traits & SASL_IS_BEARER) != 0 ? 0 : start_library(sasl, err);
}

static int
start_library(struct sasl *sasl, struct error *err)
{
	const struct sasl_identity *identity = &sasl->identity;
	int failure = gsasl_init(&sasl->library);

	if (failure != GSASL_OK) {
		sasl->library = NULL;
		return explain(sasl, failure, err);
	}
	failure = gsasl_client_start(sasl->library, sasl->mechanism->name,
	    &sasl->session);
	if (failure != GSASL_OK) {
		sasl->session = NULL;
		return explain(sasl, failure, err);
	}
	gsasl_property_set(sasl->session, GSASL_SERVICE, "smtp");
	gsasl_property_set(sasl->session, GSASL_HOSTNAME, identity->host);
	if (identity->user != NULL)
		gsasl_property_set(sasl->session, GSASL_AUTHID, identity->user);
	if (identity->authzid != NULL)
		gsasl_property_set(sasl->session, GSASL_AUTHZID,
		    identity->authzid);
	if (identity->secret != NULL)
		gsasl_property_set(sasl->session, GSASL_PASSWORD,
		    secret_bytes(identity->secret));
	return 0;
}

/* One response says it all; a challenge behind it explains a refusal. */
static int
bearer_step(struct sasl *sasl, const char *challenge, struct secret *response,
    struct error *err)
{
	const char *acknowledgement = bearer_acknowledgement(sasl->mechanism);

	if (!sasl->done) {
		sasl->done = true;
		return bearer_response(sasl->mechanism, &sasl->identity,
		    response, err);
	}
	if (challenge == NULL)
		return error_set(err, ERROR_BUG, "a step behind the last");
	return secret_add(response, acknowledgement, strlen(acknowledgement),
	    err);
}

static int
library_step(struct sasl *sasl, const char *challenge, struct secret *response,
    struct error *err)
{
	char *out = NULL;
	int result = -1;
	int status;

	if (challenge != NULL && check_effort(sasl, challenge, err) == -1)
		return -1;
	status = gsasl_step64(sasl->session, challenge != NULL ? challenge : "",
	    &out);
	if (status != GSASL_OK && status != GSASL_NEEDS_MORE)
		return explain(sasl, status, err);
	sasl->done = status == GSASL_OK ||
	    (sasl->mechanism->traits & SASL_PROVES_SERVER) == 0;
	if (out == NULL)
		return 0;
	result = secret_add(response, out, strlen(out), err);
	secret_wipe(out, strlen(out));
	gsasl_free(out);
	return result;
}

/*
 * SCRAM lets the server say how often the password is hashed (RFC 5802 5.1),
 * and GNU SASL 2.2 counts as far as it is told.
 */
static int
check_effort(const struct sasl *sasl, const char *challenge, struct error *err)
{
	char *message = NULL;
	size_t len = 0;
	bool bearable;

	if ((sasl->mechanism->traits & SASL_PROVES_SERVER) == 0 ||
	    gsasl_base64_from(challenge, strlen(challenge), &message, &len) !=
		GSASL_OK)
		return 0;
	bearable = is_bearable(message, len);
	gsasl_free(message);
	if (bearable)
		return 0;
	return error_set(err, ERROR_SECURITY,
	    "%s: wants the password hashed more than %d times",
	    sasl->identity.host, ITERATIONS_MAX);
}

/* What makes no sense otherwise, GNU SASL finds out. */
static bool
is_bearable(const char *message, size_t len)
{
	const char *end = message + len;
	const char *digit = memmem(message, len, ",i=", 3);
	unsigned long iterations = 0;

	if (digit == NULL)
		return true;
	for (digit += 3; digit < end && isdigit((unsigned char)*digit) &&
	     iterations <= ITERATIONS_MAX;
	     digit++)
		iterations = iterations * 10 + (unsigned long)(*digit - '0');
	return iterations <= ITERATIONS_MAX;
}

static int
explain(const struct sasl *sasl, int failure, struct error *err)
{
	if (failure == GSASL_MALLOC_ERROR)
		return error_no_memory(err);
	if (failure == GSASL_AUTHENTICATION_ERROR &&
	    (sasl->mechanism->traits & SASL_PROVES_SERVER) != 0)
		return error_set(err, ERROR_SECURITY,
		    "%s: the server could not prove that it knows the password",
		    sasl->identity.host);
	return error_set(err, ERROR_AUTH, "%s: %s", sasl->mechanism->name,
	    gsasl_strerror(failure));
}
