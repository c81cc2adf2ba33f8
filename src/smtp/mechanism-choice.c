/* SPDX-License-Identifier: MIT */
/*
 * Chooses a mechanism that the server offers, the account allows and the user
 * can use. Sends nothing.
 */
#include "smtp/mechanism-choice.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "smtp/auth.h"
#include "smtp/kerberos.h"
#include "smtp/sasl-library.h"

static const struct sasl_mechanism *
named_mechanism(const struct smtp_params *params, size_t place);
static bool mechanism_is_simple(const struct sasl_mechanism *mechanism);
static bool mechanism_is_allowed(const struct smtp_params *params,
    const struct sasl_mechanism *mechanism);
static const char *missing_requirement(const struct smtp_params *params,
    const struct sasl_mechanism *mechanism);
static bool requires_binding(const struct smtp_params *params);
static int explain_downgrade(const struct smtp_params *params,
    struct error *err);
static int explain_named_mechanisms(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct error *err);
static int hint_all_mechanisms(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct error *err);

const char *
auth_objection(const struct smtp_params *params,
    const struct smtp_extensions *extensions,
    const struct sasl_mechanism *mechanism)
{
	if (!sasl_is_known(mechanism))
		return "not supported by this build of " SASL_LIBRARY_NAME;
	if (!smtp_extensions_offer(extensions, mechanism->name))
		return "not offered by the server";
	if (!mechanism_is_allowed(params, mechanism))
		return "not among the allowed mechanisms";
	if (params->secure_mechanisms &&
	    (mechanism->traits & SASL_SHOWS_SECRET) != 0)
		return "reveals the password to the server";
	return missing_requirement(params, mechanism);
}

bool
auth_is_wanted(const struct smtp_params *params,
    const struct smtp_extensions *extensions)
{
	const struct sasl_mechanism *mechanism;

	if (params->user != NULL || params->command != NULL ||
	    params->wants_sign_in)
		return true;
	if (params->mechanism_count == 0)
		return params->tls_cert_file != NULL &&
		    smtp_extensions_offer(extensions, "EXTERNAL");
	for (size_t i = 0;
	     (mechanism = mechanism_choice_candidate(params, i)) != NULL; i++) {
		if ((mechanism->traits & SASL_NEEDS_USER) == 0)
			return true;
	}
	return false;
}

const struct sasl_mechanism *
mechanism_choice_candidate(const struct smtp_params *params, size_t place)
{
	/* With prefer = simple, the simple mechanisms come before the best. */
	bool wants_simple = params->simple_mechanisms;

	if (params->command != NULL)
		return place == 0 ? &params->own_mechanism : NULL;
	if (params->mechanism_count > 0)
		return named_mechanism(params, place);
	for (int round = wants_simple ? 0 : 1; round < 2; round++) {
		for (const struct sasl_mechanism *mechanism = sasl_mechanisms;
		     mechanism->name != NULL; mechanism++) {
			if (wants_simple &&
			    mechanism_is_simple(mechanism) != (round == 0))
				continue;
			if (place-- == 0)
				return mechanism;
		}
	}
	return NULL;
}

const struct sasl_mechanism *
mechanism_choice_next(const struct smtp_params *params,
    const struct smtp_extensions *extensions, size_t *place)
{
	const struct sasl_mechanism *mechanism;

	for (; (mechanism = mechanism_choice_candidate(params, *place)) != NULL;
	     ++*place) {
		if (auth_objection(params, extensions, mechanism) == NULL)
			return mechanism;
	}
	return NULL;
}

int
mechanism_choice_explain(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct error *err)
{
	if (!extensions->auth) {
		error_set(err, ERROR_AUTH, "%s port %u: does not offer AUTH",
		    params->host, (unsigned)params->port);
		return error_hint(err,
		    "use port 587 or 465, where submission servers offer it; "
		    "to send without signing in, set no user name");
	}
	if (requires_binding(params))
		return explain_downgrade(params, err);
	if (params->mechanism_count > 0)
		return explain_named_mechanisms(params, extensions, err);
	error_set(err, ERROR_AUTH,
	    "%s: offers no mechanism that can be used:%.*s", params->host,
	    (int)strlen(extensions->mechanisms) - 1, extensions->mechanisms);
	if (params->command != NULL)
		return error_hint(err,
		    "check the name of the mechanism; the server does not "
		    "offer %s",
		    params->own_mechanism.name);
	return hint_all_mechanisms(params, extensions, err);
}

/* Skips unknown names; submit/route.c has refused them before. */
static const struct sasl_mechanism *
named_mechanism(const struct smtp_params *params, size_t place)
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
mechanism_is_simple(const struct sasl_mechanism *mechanism)
{
	return text_equals(mechanism->name, "PLAIN") ||
	    text_equals(mechanism->name, "LOGIN");
}

static bool
mechanism_is_allowed(const struct smtp_params *params,
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

/* Returns what is missing to use the mechanism, or NULL. Looks for a ticket
 * last, because that loads a library and reads a file. */
static const char *
missing_requirement(const struct smtp_params *params,
    const struct sasl_mechanism *mechanism)
{
	bool named = params->mechanism_count > 0;
	unsigned traits = mechanism->traits;

	if (!named && (traits & SASL_IS_BEARER) != 0)
		return "needs an OAuth2 token";
	if (!named && (traits & SASL_IS_ON_REQUEST) != 0)
		return "is used only when named";
	if ((traits & SASL_NEEDS_CERT) != 0 && params->tls_cert_file == NULL)
		return "needs a client certificate";
	if (!named && (traits & SASL_NEEDS_CERT) != 0 && params->user != NULL)
		return "is used only without a user, or when named";
	if ((traits & SASL_NEEDS_USER) != 0 && params->user == NULL)
		return "needs a user";
	if ((traits & SASL_NEEDS_TICKET) == 0)
		return NULL;
	/* A ticket of another user must not be used by accident. */
	return kerberos_objection(named ? NULL : params->user,
	    smtp_params_deadline(params));
}

/* Returns whether only mechanisms with channel binding are allowed. */
static bool
requires_binding(const struct smtp_params *params)
{
	const struct sasl_mechanism *mechanism = named_mechanism(params, 0);

	for (size_t i = 1; mechanism != NULL; i++) {
		if ((mechanism->traits & SASL_NEEDS_BINDING) == 0)
			return false;
		mechanism = named_mechanism(params, i);
	}
	return params->mechanism_count > 0;
}

static int
explain_downgrade(const struct smtp_params *params, struct error *err)
{
	if (params->user == NULL)
		return error_set(err, ERROR_AUTH, "%s: %s needs a user",
		    params->host, params->mechanism[0]);
	error_set(err, ERROR_SECURITY,
	    "%s: does not offer %s, which is required", params->host,
	    params->mechanism[0]);
	error_hint(err,
	    "nothing was sent; if the server offered it before, an attacker "
	    "may be hiding it; otherwise allow another mechanism");
	return error_set_topic(err, ERROR_TOPIC_MECHANISM);
}

/* Gives the reason for each mechanism that the account names. */
static int
explain_named_mechanisms(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct error *err)
{
	char reasons[ERROR_MESSAGE_SIZE] = "";
	const struct sasl_mechanism *mechanism;
	size_t used = 0;
	bool lacks_ticket = false;

	for (size_t i = 0; used < sizeof reasons &&
	     (mechanism = named_mechanism(params, i)) != NULL;
	     i++) {
		const char *reason =
		    auth_objection(params, extensions, mechanism);

		lacks_ticket |= (mechanism->traits & SASL_NEEDS_TICKET) != 0 &&
		    strstr(reason, "ticket") != NULL;
		used += (size_t)snprintf(reasons + used, sizeof reasons - used,
		    "%s%s: %s", i > 0 ? "; " : "", mechanism->name, reason);
	}
	error_set(err, ERROR_AUTH, "%s: %s", params->host, reasons);
	if (lacks_ticket)
		return error_hint(err,
		    "get a ticket with kinit; klist lists the tickets");
	error_hint(err, "allow another mechanism; the server offers%.*s",
	    (int)strlen(extensions->mechanisms) - 1, extensions->mechanisms);
	return error_set_topic(err, ERROR_TOPIC_MECHANISM);
}

static int
hint_all_mechanisms(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct error *err)
{
	char known[ERROR_HINT_SIZE] = "";
	size_t used = 0;

	if (params->user == NULL) {
		error_hint(err, "set a user name");
		return error_set_topic(err, ERROR_TOPIC_USER);
	}
	if (params->secure_mechanisms &&
	    (smtp_extensions_offer(extensions, "PLAIN") ||
		smtp_extensions_offer(extensions, "LOGIN"))) {
		error_hint(err,
		    "all of them reveal the password to the server, which is "
		    "forbidden");
		return error_set_topic(err, ERROR_TOPIC_SECURE_MECHANISM);
	}
	if (smtp_extensions_offer(extensions, "XOAUTH2") ||
	    smtp_extensions_offer(extensions, "OAUTHBEARER")) {
		error_hint(err,
		    "the server accepts no passwords; sign in with OAuth2");
		return error_set_topic(err, ERROR_TOPIC_TOKEN);
	}
	for (const struct sasl_mechanism *mechanism = sasl_mechanisms;
	     mechanism->name != NULL && used < sizeof known; mechanism++)
		if (sasl_is_known(mechanism))
			used += (size_t)snprintf(known + used,
			    sizeof known - used, " %s", mechanism->name);
	return error_hint(err, "use a server that offers one of these:%s",
	    known);
}
