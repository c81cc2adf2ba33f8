/* SPDX-License-Identifier: MIT */
/*
 * Makes the responses of a SASL exchange: by a library, smtp/bearer.c, or a
 * program (smtp/command-mechanism.c). Keeps every response in a secret.
 */
#include "smtp/sasl.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "smtp/bearer.h"
#include "smtp/challenge.h"
#include "smtp/command-mechanism.h"
#include "smtp/sasl-library.h"
#include "smtp/params.h"

enum {
	NAMES_ROOM = 2048 /* for everything but the secret */
};

struct sasl {
	struct sasl_exchange exchange;
	struct sasl_names names;
	struct command_mechanism *custom; /* a program of the user's, or NULL */
	struct sasl_library *library;     /* or NULL */
	char nonce[CHALLENGE_NONCE_SIZE];
	int steps;
	bool done;
	bool acknowledged; /* the reason for a refused token */
};

static int sasl_start(struct sasl *sasl, struct error *err);
static int sasl_bearer_step(struct sasl *sasl, struct secret *response,
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
	sasl->exchange = (struct sasl_exchange){.mechanism = mechanism,
	    .params = params,
	    .names = &sasl->names,
	    .secret = secret,
	    .binding = binding};
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
	sasl_library_free(sasl->library);
	command_mechanism_free(sasl->custom);
	free(sasl);
}

int
sasl_step(struct sasl *sasl, const char *challenge, struct secret *response,
    struct error *err)
{
	bool is_bearer =
	    (sasl->exchange.mechanism->traits & SASL_IS_BEARER) != 0;
	int step = sasl->steps++;

	if (sasl->done && challenge == NULL)
		return error_set(err, ERROR_BUG,
		    "the sign-in was continued after its end");
	if (sasl->done && (!is_bearer || sasl->acknowledged))
		return error_set(err, ERROR_AUTH,
		    "%s: the server sent a challenge after the exchange ended",
		    sasl->exchange.mechanism->name);
	if (challenge != NULL &&
	    challenge_check(sasl->exchange.mechanism, step, sasl->nonce,
		challenge, err) == -1)
		return -1;
	if (sasl->custom != NULL)
		return command_mechanism_step(sasl->custom, challenge, response,
		    err);
	if (is_bearer)
		return sasl_bearer_step(sasl, response, err);
	if (sasl_library_step(sasl->library, step, challenge, response,
		&sasl->done, err) == -1)
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
	return (sasl->exchange.mechanism->traits & SASL_SERVER_FIRST) == 0;
}

bool
sasl_first_fits_line(const struct sasl *sasl)
{
	size_t len = sasl->exchange.secret != NULL
	    ? secret_len(sasl->exchange.secret)
	    : 0;

	if (sasl->custom != NULL)
		return command_mechanism_first_fits(sasl->custom);
	return (len + NAMES_ROOM) / 3 * 4 <= CHALLENGE_MAX;
}

static int
sasl_start(struct sasl *sasl, struct error *err)
{
	const struct sasl_mechanism *mechanism = sasl->exchange.mechanism;

	if ((mechanism->traits & SASL_IS_COMMAND) != 0) {
		sasl->custom = command_mechanism_start(sasl->exchange.params,
		    sasl->exchange.secret, err);
		return sasl->custom == NULL ? -1 : 0;
	}
	if ((mechanism->traits & SASL_IS_BEARER) != 0)
		return 0;
	if (sasl_names_fill(&sasl->names, mechanism, sasl->exchange.params,
		sasl->exchange.secret, err) == -1)
		return -1;
	sasl->library = sasl_library_new(&sasl->exchange, err);
	return sasl->library == NULL ? -1 : 0;
}

/* There is only one response; a challenge after it explains a refusal. */
static int
sasl_bearer_step(struct sasl *sasl, struct secret *response, struct error *err)
{
	const char *acknowledgement =
	    bearer_acknowledgement(sasl->exchange.mechanism);

	if (!sasl->done) {
		sasl->done = true;
		return bearer_response(sasl->exchange.mechanism,
		    sasl->exchange.params, sasl->exchange.secret, response,
		    err);
	}
	sasl->acknowledged = true;
	return secret_add_text(response, acknowledgement, err);
}
