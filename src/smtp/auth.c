/* SPDX-License-Identifier: MIT */
/*
 * Runs the AUTH exchange (RFC 4954), with one mechanism after another until one
 * succeeds or no other may follow. smtp/sasl.c makes the responses; no response
 * is ever shown.
 */
#include "smtp/auth.h"

#include <stdio.h>

#include "smtp/bearer.h"
#include "smtp/mechanism-choice.h"
#include "smtp/step.h"
#include "smtp/tls.h"

enum {
	ROUNDS_MAX = 16
};

/* How the attempt with one mechanism ended. */
enum auth_result {
	AUTH_RESULT_DONE,
	AUTH_RESULT_UNFIT,     /* can't be used; nothing was sent */
	AUTH_RESULT_NO_SECRET, /* there is no password for any mechanism */
	AUTH_RESULT_CONFUSED,  /* one side did not understand the other */
	AUTH_RESULT_OVER       /* refused, or the session is lost */
};

/* One sign-in, with as many mechanisms as it takes. */
struct sign_in {
	const struct smtp_params *params;
	const struct smtp_extensions *extensions;
	struct wire *wire;
	struct smtp_reply *reply;
	const struct secret *secret;     /* NULL until a mechanism needs it */
	char reason[BEARER_REASON_SIZE]; /* why a token was refused, or "" */
};

static const struct sasl_mechanism *
auth_next_without_secret(const struct sign_in *self, size_t *place);
static enum auth_result auth_try(struct sign_in *self,
    const struct sasl_mechanism *mechanism, struct error *err);
static struct sasl *auth_new_exchange(struct sign_in *self,
    const struct sasl_mechanism *mechanism, struct tls_binding *binding,
    struct error *err);
static bool auth_claims_binding(const struct sign_in *self,
    const struct sasl_mechanism *mechanism);
static enum auth_result auth_exchange(struct sign_in *self, struct sasl *sasl,
    const struct sasl_mechanism *mechanism, const struct secret *first,
    struct error *err);
static int auth_begin(struct sign_in *self,
    const struct sasl_mechanism *mechanism, const struct secret *first,
    bool fits, struct error *err);
static enum auth_result auth_answer(struct sign_in *self, struct sasl *sasl,
    const struct secret *held, struct error *err);
static enum auth_result auth_cancel(struct sign_in *self, struct error *err);
static enum auth_result auth_finish(const struct sign_in *self,
    struct sasl *sasl, const struct sasl_mechanism *mechanism,
    struct error *err);
static bool auth_may_follow(const struct sign_in *self,
    const struct sasl_mechanism *mechanism, enum auth_result result,
    const struct sasl_mechanism *next, struct error *err);

int
auth_sign_in(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct wire *wire,
    struct smtp_reply *reply, struct error *err)
{
	struct sign_in self = {.params = params,
	    .extensions = extensions,
	    .wire = wire,
	    .reply = reply};
	size_t place = 0;
	const struct sasl_mechanism *mechanism =
	    mechanism_choice_next(params, extensions, &place);

	smtp_step_report(&(struct smtp_step){.kind = SMTP_STEP_MECHANISM,
	    .params = params,
	    .extensions = extensions,
	    .mechanism = mechanism});
	if (mechanism == NULL)
		return mechanism_choice_explain(params, extensions, err);
	for (;;) {
		const struct sasl_mechanism *tried = mechanism;
		unsigned flights = wire_flights(wire);
		enum auth_result result;

		if (params->await_secret == NULL &&
		    (tried->traits & SASL_NEEDS_SECRET) != 0)
			return 0;
		result = auth_try(&self, tried, err);
		if (result == AUTH_RESULT_DONE) {
			smtp_step_report(
			    &(struct smtp_step){.kind = SMTP_STEP_SIGN_IN,
				.params = params,
				.mechanism = tried,
				.round_trips = wire_flights(wire) - flights});
			return 0;
		}
		if (result == AUTH_RESULT_OVER)
			return -1;
		place++;
		if (result == AUTH_RESULT_NO_SECRET) {
			mechanism = auth_next_without_secret(&self, &place);
			if (mechanism == NULL)
				return -1;
			continue;
		}
		mechanism = mechanism_choice_next(params, extensions, &place);
		if (mechanism == NULL ||
		    !auth_may_follow(&self, tried, result, mechanism, err))
			return -1;
		smtp_step_report(&(struct smtp_step){.kind = SMTP_STEP_FALLBACK,
		    .params = params,
		    .mechanism = mechanism,
		    .failed = tried,
		    .failure = err->message});
	}
}

/* Without a password, a mechanism that needs none, such as GSSAPI, may work. */
static const struct sasl_mechanism *
auth_next_without_secret(const struct sign_in *self, size_t *place)
{
	const struct sasl_mechanism *mechanism;

	while ((mechanism = mechanism_choice_next(self->params,
		    self->extensions, place)) != NULL &&
	    (mechanism->traits & SASL_NEEDS_SECRET) != 0)
		++*place;
	return mechanism;
}

/* Makes the initial response before anything is sent, so that a mechanism that
 * can't start leaves the session unchanged. */
static enum auth_result
auth_try(struct sign_in *self, const struct sasl_mechanism *mechanism,
    struct error *err)
{
	struct tls_binding binding;
	struct secret *first = NULL;
	struct sasl *sasl = NULL;
	enum auth_result result = AUTH_RESULT_UNFIT;

	if ((mechanism->traits & SASL_NEEDS_SECRET) != 0 &&
	    self->secret == NULL) {
		if (self->params->await_secret(self->params->secret_context,
			&self->secret, err) == -1)
			return err->code == ERROR_AUTH ||
				err->code == ERROR_KEYRING
			    ? AUTH_RESULT_NO_SECRET
			    : AUTH_RESULT_OVER;
		wire_hide(self->wire, self->secret);
	}
	first = secret_new(err);
	if (first == NULL)
		return AUTH_RESULT_OVER;
	sasl = auth_new_exchange(self, mechanism, &binding, err);
	if (sasl != NULL &&
	    (!sasl_begins(sasl) || sasl_step(sasl, NULL, first, err) == 0))
		result = auth_exchange(self, sasl, mechanism, first, err);
	sasl_free(sasl);
	secret_free(first);
	return result;
}

static struct sasl *
auth_new_exchange(struct sign_in *self, const struct sasl_mechanism *mechanism,
    struct tls_binding *binding, struct error *err)
{
	const struct smtp_params *params = self->params;
	const struct tls *tls = wire_tls(self->wire);
	bool needs_binding = (mechanism->traits & SASL_NEEDS_BINDING) != 0;
	bool has_binding =
	    (needs_binding || auth_claims_binding(self, mechanism)) &&
	    tls != NULL && tls_get_binding(tls, binding);

	if (needs_binding && !has_binding) {
		error_set(err, ERROR_SECURITY,
		    "%s: %s: this TLS session has no channel binding",
		    params->host, mechanism->name);
		error_hint(err,
		    "channel binding requires TLS 1.3, or 1.2 with the "
		    "extended master secret");
		return NULL;
	}
	return sasl_new(mechanism, params, self->secret,
	    has_binding ? binding : NULL, err);
}

/*
 * RFC 5802 section 6: if the server does not offer channel binding, the client
 * says that it supports it. A server that did offer it then refuses, because an
 * attacker must have removed the offer.
 */
static bool
auth_claims_binding(const struct sign_in *self,
    const struct sasl_mechanism *mechanism)
{
	const struct sasl_mechanism *bound = sasl_sibling(mechanism);

	return bound != NULL && (bound->traits & SASL_NEEDS_BINDING) != 0 &&
	    !smtp_extensions_offer(self->extensions, bound->name);
}

/* An initial response that is too long for the AUTH command is sent as the
 * response to an empty 334. */
static enum auth_result
auth_exchange(struct sign_in *self, struct sasl *sasl,
    const struct sasl_mechanism *mechanism, const struct secret *first,
    struct error *err)
{
	bool server_first = !sasl_begins(sasl);
	bool fits = !server_first && sasl_first_fits_line(sasl);
	const struct secret *held = server_first || fits ? NULL : first;
	bool is_bearer = (mechanism->traits & SASL_IS_BEARER) != 0;

	if (auth_begin(self, mechanism, first, fits, err) == -1)
		return AUTH_RESULT_OVER;
	for (int round = 0; round < ROUNDS_MAX; round++) {
		enum auth_result result;

		if (smtp_reply_read(self->reply, self->wire,
			smtp_params_deadline(self->params), err) == -1)
			return AUTH_RESULT_OVER;
		if (self->reply->code != 334)
			return auth_finish(self, sasl, mechanism, err);
		if (is_bearer && sasl_is_done(sasl) && held == NULL)
			bearer_read_refusal(buf_text(&self->reply->challenge),
			    self->wire, &self->params->transcript,
			    self->reason);
		result = auth_answer(self, sasl, held, err);
		if (result != AUTH_RESULT_DONE)
			return result;
		held = NULL;
	}
	error_set(err, ERROR_AUTH, "%s: the sign-in takes too many steps",
	    self->params->host);
	return auth_cancel(self, err);
}

/* Sends AUTH. The initial response is its argument; "=" stands for an empty
 * one. */
static int
auth_begin(struct sign_in *self, const struct sasl_mechanism *mechanism,
    const struct secret *first, bool fits, struct error *err)
{
	char prefix[64];

	if (wire_check_silence(self->wire, err) == -1)
		return -1;
	if (!fits)
		return wire_command(self->wire, err, "AUTH %s",
		    mechanism->name);
	if (secret_len(first) == 0)
		return wire_command(self->wire, err,
		    "AUTH %s =", mechanism->name);
	snprintf(prefix, sizeof prefix, "AUTH %s ", mechanism->name);
	return wire_secret(self->wire, prefix, first,
	    smtp_params_deadline(self->params), err);
}

/* Answers a challenge. Returns AUTH_RESULT_DONE when the response was sent. */
static enum auth_result
auth_answer(struct sign_in *self, struct sasl *sasl, const struct secret *held,
    struct error *err)
{
	int64_t deadline_ms = smtp_params_deadline(self->params);
	enum auth_result result = AUTH_RESULT_OVER;
	struct secret *response;

	if (wire_check_silence(self->wire, err) == -1)
		return AUTH_RESULT_OVER;
	if (held != NULL)
		return wire_secret(self->wire, "", held, deadline_ms, err) == 0
		    ? AUTH_RESULT_DONE
		    : AUTH_RESULT_OVER;
	response = secret_new(err);
	if (response == NULL)
		return AUTH_RESULT_OVER;
	if (sasl_step(sasl, buf_text(&self->reply->challenge), response, err) ==
	    -1)
		result = auth_cancel(self, err);
	else if (wire_secret(self->wire, "", response, deadline_ms, err) == 0)
		result = AUTH_RESULT_DONE;
	secret_free(response);
	return result;
}

/*
 * Cancels the exchange with "*", to which the server replies 501 (RFC 4954
 * section 4). err already has the reason, and keeps it. No other mechanism may
 * follow if the server can't be trusted, has refused, or does not reply.
 */
static enum auth_result
auth_cancel(struct sign_in *self, struct error *err)
{
	int64_t deadline_ms = smtp_params_deadline(self->params);
	bool is_confused = err->code == ERROR_AUTH;
	struct error ignored;

	if (err->code == ERROR_REFUSED)
		err->code = ERROR_AUTH;
	if (err->hint[0] == '\0') {
		error_hint(err,
		    "the server's implementation is broken; use another "
		    "mechanism");
		error_set_topic(err, ERROR_TOPIC_BROKEN_MECHANISM);
	}
	if (wire_command(self->wire, &ignored, "*") == -1 ||
	    wire_flush(self->wire, deadline_ms, &ignored) == -1 || !is_confused)
		return AUTH_RESULT_OVER;
	if (self->params->fallback &&
	    smtp_reply_read(self->reply, self->wire, deadline_ms, &ignored) ==
		-1)
		return AUTH_RESULT_OVER;
	return AUTH_RESULT_CONFUSED;
}

/* Judges the reply that ends the exchange. */
static enum auth_result
auth_finish(const struct sign_in *self, struct sasl *sasl,
    const struct sasl_mechanism *mechanism, struct error *err)
{
	static const int confused[] = {500, 501, 502, 504};
	const struct smtp_params *params = self->params;
	const struct smtp_reply *reply = self->reply;
	char doing[300];

	if (smtp_reply_class(reply) == 2 && !sasl_is_done(sasl)) {
		error_set(err, ERROR_SECURITY,
		    (mechanism->traits & SASL_PROVES_SERVER) != 0
			? "%s: accepted the sign-in without proving that it "
			  "knows the password"
			: "%s: accepted the sign-in before it was complete",
		    params->host);
		error_hint(err,
		    "the server may be an impostor; no mail was sent");
		return AUTH_RESULT_OVER;
	}
	if (reply->code == 235)
		return sasl_accept(sasl, err) == 0 ? AUTH_RESULT_DONE
						   : AUTH_RESULT_OVER;
	snprintf(doing, sizeof doing, "%s by %s",
	    params->user != NULL ? params->user : "the sign-in",
	    mechanism->name);
	smtp_reply_fail(reply, wire_peer(self->wire), doing, err);
	bearer_add_reason(self->reason, err);
	err->mechanism = mechanism->name;
	if (smtp_reply_class(reply) == 5)
		err->code = ERROR_AUTH;
	for (size_t i = 0; i < sizeof confused / sizeof *confused; i++) {
		if (reply->code == confused[i])
			return AUTH_RESULT_CONFUSED;
	}
	return AUTH_RESULT_OVER;
}

/*
 * Returns whether the next mechanism may be tried. After one with channel
 * binding it may only if that one could not start: any other failure may be an
 * attack.
 */
static bool
auth_may_follow(const struct sign_in *self,
    const struct sasl_mechanism *mechanism, enum auth_result result,
    const struct sasl_mechanism *next, struct error *err)
{
	if (result == AUTH_RESULT_UNFIT)
		return true;
	if ((mechanism->traits & SASL_NEEDS_BINDING) != 0) {
		error_hint(err,
		    "if the server's channel binding is broken, use %s instead",
		    sasl_sibling(mechanism)->name);
		error_set_topic(err, ERROR_TOPIC_MECHANISM);
		return false;
	}
	if (!self->params->fallback) {
		error_hint(err, "%s would be tried next", next->name);
		error_set_topic(err, ERROR_TOPIC_FALLBACK);
	}
	return self->params->fallback;
}
