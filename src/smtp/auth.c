/* SPDX-License-Identifier: MIT */
/*
 * The AUTH exchange. Knows the order of the turns; what is in a response is
 * sasl.c's business, and it is never shown.
 */
#include "smtp/auth.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum {
	ROUNDS_MAX = 16
};

static bool is_allowed(const struct smtp_params *params,
    const struct sasl_mechanism *mechanism);
static const char *lacks(const struct smtp_params *params,
    const struct sasl_mechanism *mechanism);
static const struct sasl_mechanism *candidate(const struct smtp_params *params,
    size_t place);
static const struct sasl_mechanism *
named_candidate(const struct smtp_params *params, size_t place);
static int explain_choice(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct error *err);
static int hint_known(struct error *err);
static int exchange(struct sasl *sasl, const struct sasl_mechanism *mechanism,
    const struct smtp_params *params, struct wire *wire,
    struct smtp_reply *reply, struct error *err);
static int respond(struct sasl *sasl, const char *command,
    const char *challenge, const struct smtp_params *params, struct wire *wire,
    struct error *err);
static int finish(struct sasl *sasl, const struct smtp_params *params,
    const struct wire *wire, const struct smtp_reply *reply, struct error *err);

const struct sasl_mechanism *
auth_choose(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct error *err)
{
	const struct sasl_mechanism *mechanism;

	for (size_t i = 0; (mechanism = candidate(params, i)) != NULL; i++) {
		if (auth_objection(params, extensions, mechanism) == NULL)
			return mechanism;
	}
	explain_choice(params, extensions, err);
	return NULL;
}

const char *
auth_objection(const struct smtp_params *params,
    const struct smtp_extensions *extensions,
    const struct sasl_mechanism *mechanism)
{
	if (!sasl_is_known(mechanism))
		return "not known to the GNU SASL of this build";
	if (!smtp_extensions_offer(extensions, mechanism->name))
		return "not offered by the server";
	if (!is_allowed(params, mechanism))
		return "not among those that auth allows";
	if (params->secure_mechanisms &&
	    (mechanism->traits & SASL_SHOWS_SECRET) != 0)
		return "shows the password to the server";
	return lacks(params, mechanism);
}

/* The mechanism that is looked at in that place, or NULL behind the last. */
static const struct sasl_mechanism *
candidate(const struct smtp_params *params, size_t place)
{
	static const char *const simple[] = {"PLAIN", "LOGIN"};
	const size_t simple_count =
	    params->simple_mechanisms ? sizeof simple / sizeof *simple : 0;

	if (params->command != NULL)
		return place == 0 ? &params->own_mechanism : NULL;
	if (params->mechanism_count > 0)
		return named_candidate(params, place);
	if (place < simple_count)
		return sasl_find(simple[place]);
	for (const struct sasl_mechanism *mechanism = sasl_mechanisms;
	     mechanism->name != NULL; mechanism++) {
		if (place-- == simple_count)
			return mechanism;
	}
	return NULL;
}

/* Known ones alone: cli/params.c has refused the others. */
static const struct sasl_mechanism *
named_candidate(const struct smtp_params *params, size_t place)
{
	for (size_t i = 0; i < params->mechanism_count; i++) {
		const struct sasl_mechanism *mechanism =
		    sasl_find(params->mechanism[i]);

		if (mechanism != NULL && place-- == 0)
			return mechanism;
	}
	return NULL;
}

static bool
is_allowed(const struct smtp_params *params,
    const struct sasl_mechanism *mechanism)
{
	if (params->command != NULL)
		return mechanism == &params->own_mechanism;
	if (params->mechanism_count == 0)
		return true;
	for (size_t i = 0; i < params->mechanism_count; i++) {
		if (text_equals(params->mechanism[i], mechanism->name))
			return true;
	}
	return false;
}

/* What we would have to have for it. */
static const char *
lacks(const struct smtp_params *params, const struct sasl_mechanism *mechanism)
{
	bool named = params->mechanism_count > 0;
	unsigned traits = mechanism->traits;

	if (!named && (traits & SASL_IS_BEARER) != 0)
		return "needs an OAuth2 token";
	if (!named && (traits & SASL_IS_ON_REQUEST) != 0)
		return "is used only when auth names it";
	if ((traits & SASL_NEEDS_CERT) != 0 && params->tls_cert_file == NULL)
		return "needs a client certificate";
	if (!named && (traits & SASL_NEEDS_CERT) != 0 && params->user != NULL)
		return "there is a user: it is used only without, or when auth "
		       "names it";
	if ((traits & SASL_NEEDS_USER) != 0 && params->user == NULL)
		return "needs a user";
	return NULL;
}

int
auth_sign_in(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct wire *wire,
    struct smtp_reply *reply, struct error *err)
{
	const struct sasl_mechanism *mechanism =
	    auth_choose(params, extensions, err);
	struct sasl_identity identity = {.user = params->user,
	    .authzid = params->authzid,
	    .host = params->host,
	    .port = params->port,
	    .params = params};
	struct sasl *sasl;
	int result;

	if (mechanism == NULL)
		return -1;
	if ((mechanism->traits & SASL_NEEDS_SECRET) != 0 &&
	    params->await_secret(params->secret_context, &identity.secret,
		err) == -1)
		return -1;
	sasl = sasl_new(mechanism, &identity, err);
	if (sasl == NULL)
		return -1;
	result = exchange(sasl, mechanism, params, wire, reply, err);
	sasl_free(sasl);
	return result;
}

static int
explain_choice(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct error *err)
{
	if (!extensions->auth) {
		error_set(err, ERROR_AUTH, "%s port %u: offers no sign-in",
		    params->host, (unsigned)params->port);
		return error_hint(err,
		    "submission servers offer it on port 587 or 465; without "
		    "a user nothing is signed in to");
	}
	error_set(err, ERROR_AUTH,
	    "%s: none of its ways to sign in can be used:%.*s", params->host,
	    (int)strlen(extensions->mechanisms) - 1, extensions->mechanisms);
	if (params->mechanism_count > 0 || params->command != NULL)
		return error_hint(err, "the setting auth leaves none of these");
	if (smtp_extensions_offer(extensions, "XOAUTH2") ||
	    smtp_extensions_offer(extensions, "OAUTHBEARER"))
		return error_hint(err,
		    "passwords are not taken here: sign in by OAuth2, with "
		    "postrider login");
	if (params->user == NULL)
		return error_hint(err, "name a user, by --user");
	return hint_known(err);
}

static int
hint_known(struct error *err)
{
	char known[ERROR_HINT_SIZE] = "";
	size_t used = 0;

	for (const struct sasl_mechanism *mechanism = sasl_mechanisms;
	     mechanism->name != NULL && used < sizeof known; mechanism++)
		used += (size_t)snprintf(known + used, sizeof known - used,
		    " %s", mechanism->name);
	return error_hint(err, "those that could be used are%s", known);
}

static int
exchange(struct sasl *sasl, const struct sasl_mechanism *mechanism,
    const struct smtp_params *params, struct wire *wire,
    struct smtp_reply *reply, struct error *err)
{
	bool asked = !sasl_begins(sasl);
	char command[64];

	snprintf(command, sizeof command, "AUTH %s", mechanism->name);
	if (wire_check_silence(wire, err) == -1)
		return -1;
	if (asked || !sasl_first_fits_line(sasl)) {
		if (wire_command(wire, err, "%s", command) == -1)
			return -1;
	} else {
		if (respond(sasl, command, NULL, params, wire, err) == -1)
			return -1;
		asked = true;
	}
	for (int round = 0; round < ROUNDS_MAX; round++) {
		if (smtp_reply_read(reply, wire, smtp_params_deadline(params),
			err) == -1)
			return -1;
		if (reply->code != 334)
			return finish(sasl, params, wire, reply, err);
		if (wire_check_silence(wire, err) == -1 ||
		    respond(sasl, "", asked ? buf_text(&reply->text) : NULL,
			params, wire, err) == -1)
			return -1;
		asked = true;
	}
	return error_set(err, ERROR_AUTH,
	    "%s: the sign-in doesn't come to an end", params->host);
}

/* Behind a command the response is one more word; "=" when it is empty. */
static int
respond(struct sasl *sasl, const char *command, const char *challenge,
    const struct smtp_params *params, struct wire *wire, struct error *err)
{
	char prefix[80];
	struct secret *response = secret_new(err);
	int result = -1;

	if (response == NULL)
		return -1;
	snprintf(prefix, sizeof prefix, "%s%s", command,
	    *command != '\0' ? " " : "");
	if (sasl_step(sasl, challenge, response, err) == 0 &&
	    (*command == '\0' || secret_len(response) > 0 ||
		secret_add(response, "=", 1, err) == 0))
		result = wire_secret(wire, prefix, response,
		    smtp_params_deadline(params), err);
	secret_free(response);
	return result;
}

/* The reply that ends the exchange. */
static int
finish(struct sasl *sasl, const struct smtp_params *params,
    const struct wire *wire, const struct smtp_reply *reply, struct error *err)
{
	if (smtp_reply_class(reply) == 2 && !sasl_is_done(sasl))
		return error_set(err, ERROR_SECURITY,
		    "%s: accepted the sign-in without proving that it knows "
		    "the password",
		    params->host);
	if (reply->code == 235)
		return sasl_accept(sasl, err);
	smtp_reply_fail(reply, wire_peer(wire),
	    params->user != NULL ? params->user : "the certificate", err);
	if (smtp_reply_class(reply) == 5)
		err->code = ERROR_AUTH;
	return -1;
}
