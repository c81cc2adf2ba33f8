/* SPDX-License-Identifier: MIT */
/*
 * Opens a session and makes it ready for mail. Each state has one function,
 * which ends by entering the next state; anything unexpected ends the session.
 */
#include "smtp/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/socket-path.h"
#include "base/text.h"
#include "smtp/address-kind.h"
#include "smtp/auth.h"
#include "smtp/connect-unix.h"
#include "smtp/connect.h"
#include "smtp/ehlo-name.h"
#include "smtp/extensions.h"
#include "smtp/probe.h"
#include "smtp/record.h"
#include "smtp/resolve.h"
#include "smtp/step.h"
#include "smtp/tls.h"
#include "smtp/wire.h"

enum smtp_state {
	SMTP_STATE_RESOLVE,
	SMTP_STATE_CONNECT,
	SMTP_STATE_GREETING,
	SMTP_STATE_EHLO,
	SMTP_STATE_STARTTLS,
	SMTP_STATE_HANDSHAKE,
	SMTP_STATE_AUTH,
	SMTP_STATE_READY,
	SMTP_STATE_FAILED,
	SMTP_STATE_COUNT
};

enum {
	PEER_SIZE = 300,
	QUIT_MS = 2000
};

struct smtp_session {
	const struct smtp_params *params;
	enum smtp_state state;
	char peer[PEER_SIZE];
	int64_t connect_deadline_ms; /* for the host name too */
	struct wire *wire;
	struct smtp_extensions extensions;
	struct smtp_reply reply;
	struct smtp_channel channel;
};

static const char *session_address_kind(const struct smtp_session *session);
static int session_refuse(const struct smtp_session *session,
    struct smtp_transaction *transaction, struct error *err);
static void session_enter(struct smtp_session *session, enum smtp_state state);

/* Runs one state, which then sets the next one. */
typedef int session_state_function(struct smtp_session *session,
    struct error *err);

static session_state_function session_resolve, session_connect,
    session_read_greeting, session_ehlo, session_starttls, session_handshake,
    session_auth;
static int session_expect(struct smtp_session *session, int code,
    const char *doing, struct error *err);
static int session_refuse_plaintext(const struct smtp_session *session,
    struct error *err);
static void session_send_quit(struct smtp_session *session);

static session_state_function *const state_functions[SMTP_STATE_COUNT] = {
    [SMTP_STATE_RESOLVE] = session_resolve,
    [SMTP_STATE_CONNECT] = session_connect,
    [SMTP_STATE_GREETING] = session_read_greeting,
    [SMTP_STATE_EHLO] = session_ehlo,
    [SMTP_STATE_STARTTLS] = session_starttls,
    [SMTP_STATE_HANDSHAKE] = session_handshake,
    [SMTP_STATE_AUTH] = session_auth,
};

static const enum smtp_phase state_phases[SMTP_STATE_COUNT] = {
    [SMTP_STATE_RESOLVE] = SMTP_PHASE_NAME,
    [SMTP_STATE_CONNECT] = SMTP_PHASE_CONNECT,
    [SMTP_STATE_GREETING] = SMTP_PHASE_GREETING,
    [SMTP_STATE_EHLO] = SMTP_PHASE_EHLO,
    [SMTP_STATE_STARTTLS] = SMTP_PHASE_STARTTLS,
    [SMTP_STATE_HANDSHAKE] = SMTP_PHASE_TLS,
    [SMTP_STATE_AUTH] = SMTP_PHASE_AUTH,
};

struct smtp_session *
smtp_session_open(const struct smtp_params *params, struct error *err)
{
	struct smtp_session *session = calloc(1, sizeof *session);

	if (session == NULL) {
		error_no_memory(err);
		return NULL;
	}
	session->params = params;
	smtp_reply_init(&session->reply);
	snprintf(session->peer, sizeof session->peer, "%s", params->host);
	while (session->state != SMTP_STATE_READY) {
		enum smtp_phase phase = state_phases[session->state];
		int result = state_functions[session->state](session, err);

		smtp_record_round_trips(params->record, session->wire);
		smtp_record_end(params->record, phase);
		if (result == -1) {
			err->step = smtp_phase_names[phase];
			if (err->reply_code == 0)
				err->address = session_address_kind(session);
			/* A server that refused gets a QUIT. */
			if (err->reply_code != 0 && err->code != ERROR_SECURITY)
				session_send_quit(session);
			session_enter(session, SMTP_STATE_FAILED);
			smtp_session_close(session);
			return NULL;
		}
	}
	session->channel = (struct smtp_channel){.params = params,
	    .extensions = &session->extensions,
	    .wire = session->wire,
	    .reply = &session->reply};
	return session;
}

int
smtp_session_send(struct smtp_session *session,
    struct smtp_transaction *transaction, struct error *err)
{
	if (smtp_session_channel(session) == NULL)
		return session_refuse(session, transaction, err);
	return smtp_transaction_run(transaction, &session->channel, err);
}

struct smtp_channel *
smtp_session_channel(struct smtp_session *session)
{
	if (session->state != SMTP_STATE_READY || session->channel.is_broken)
		return NULL;
	return &session->channel;
}

bool
smtp_session_is_usable(struct smtp_session *session)
{
	return smtp_session_channel(session) != NULL &&
	    !wire_has_input(session->wire);
}

int
smtp_session_probe(struct smtp_session *session, const char *sender,
    const char *recipient, struct error *err)
{
	return smtp_probe_run(&session->channel, sender, recipient, err);
}

void
smtp_session_close(struct smtp_session *session)
{
	if (session == NULL)
		return;
	if (smtp_session_channel(session) != NULL)
		session_send_quit(session);
	wire_free(session->wire);
	smtp_reply_done(&session->reply);
	free(session);
}

/* Of a host that was looked up, and did not answer as a mail server. */
static const char *
session_address_kind(const struct smtp_session *session)
{
	const struct smtp_params *params = session->params;

	return address_is_numeric(params->host) ||
		text_equals(params->host, "localhost")
	    ? NULL
	    : address_kind(*params->addresses);
}

/* An earlier transaction broke off. */
static int
session_refuse(const struct smtp_session *session,
    struct smtp_transaction *transaction, struct error *err)
{
	error_set(err, ERROR_TEMPORARY, "%s: the session has ended",
	    session->peer);
	for (size_t i = 0; i < transaction->recipient_count; i++)
		transaction->recipient[i].outcome = *err;
	return -1;
}

static void
session_enter(struct smtp_session *session, enum smtp_state state)
{
	session->state = state;
}

static int
session_resolve(struct smtp_session *session, struct error *err)
{
	const struct smtp_params *params = session->params;

	session->connect_deadline_ms = smtp_params_deadline(params);
	if (socket_path(params->host) == NULL && *params->addresses == NULL &&
	    resolve_host(params->host, params->port,
		session->connect_deadline_ms, params->addresses, err) == -1)
		return -1;
	if (params->on_addresses != NULL)
		params->on_addresses(params->addresses_context);
	if (socket_path(params->host) == NULL)
		smtp_step_name(params, *params->addresses);
	session_enter(session, SMTP_STATE_CONNECT);
	return 0;
}

static int
session_connect(struct smtp_session *session, struct error *err)
{
	const struct smtp_params *params = session->params;
	const char *path = socket_path(params->host);
	int64_t deadline_ms = session->connect_deadline_ms;
	int fd = path != NULL
	    ? connect_to_unix(path, deadline_ms, &params->transcript, err)
	    : connect_to(*params->addresses, params->host, params->port,
		  deadline_ms, &params->transcript, err);

	if (fd == -1)
		return -1;
	session->wire = wire_new(fd, session->peer, params, err);
	if (session->wire == NULL)
		return -1;
	smtp_step_connection(params, fd);
	session_enter(session,
	    params->tls == SMTP_TLS_IMPLICIT ? SMTP_STATE_HANDSHAKE
					     : SMTP_STATE_GREETING);
	return 0;
}

static int
session_read_greeting(struct smtp_session *session, struct error *err)
{
	if (session_expect(session, 220, "the connection", err) == -1)
		return -1;
	smtp_step_greeting(session->params, &session->reply);
	session_enter(session, SMTP_STATE_EHLO);
	return 0;
}

static int
session_ehlo(struct smtp_session *session, struct error *err)
{
	char name[EHLO_NAME_SIZE];
	char doing[EHLO_NAME_SIZE + 16];
	bool needs_starttls = session->params->tls == SMTP_TLS_STARTTLS &&
	    wire_tls(session->wire) == NULL;

	ehlo_name_choose(session->params->ehlo_name,
	    wire_stream(session->wire)->fd, name);
	snprintf(doing, sizeof doing, "EHLO %s", name);
	if (wire_check_silence(session->wire, err) == -1 ||
	    wire_command(session->wire, err, "%s", doing) == -1 ||
	    session_expect(session, 250, doing, err) == -1)
		return -1;
	smtp_extensions_parse(&session->extensions, &session->reply);
	if (!needs_starttls)
		smtp_step_report(&(struct smtp_step){.kind = SMTP_STEP_SERVER,
		    .params = session->params,
		    .extensions = &session->extensions,
		    .ehlo_name = name});
	session_enter(session,
	    needs_starttls ? SMTP_STATE_STARTTLS : SMTP_STATE_AUTH);
	return 0;
}

/* Any reply but a lone 220 may be an attack (RFC 3207 section 6). */
static int
session_starttls(struct smtp_session *session, struct error *err)
{
	if (!session->extensions.starttls)
		return session_refuse_plaintext(session, err);
	if (wire_check_silence(session->wire, err) == -1 ||
	    wire_command(session->wire, err, "STARTTLS") == -1 ||
	    smtp_reply_read(&session->reply, session->wire,
		smtp_params_deadline(session->params), err) == -1)
		return -1;
	if (session->reply.code != 220) {
		smtp_reply_fail(&session->reply, session->peer, "STARTTLS",
		    err);
		/* It closes (RFC 5321 section 3.8), or has no TLS just now (RFC
		 * 3207 section 4). */
		if (session->reply.code / 100 == 4)
			return -1;
		err->code = ERROR_SECURITY;
		error_hint(err,
		    "nothing was sent in the clear; try implicit TLS");
		return error_set_topic(err, ERROR_TOPIC_IMPLICIT_TLS);
	}
	if (wire_check_silence(session->wire, err) == -1) {
		error_set(err, ERROR_SECURITY,
		    "%s: sent more data after its reply to STARTTLS: an "
		    "attacker may be tampering with the connection",
		    session->peer);
		return error_hint(err, "nothing was sent; try another network");
	}
	session_enter(session, SMTP_STATE_HANDSHAKE);
	return 0;
}

/* Forgets everything that was learnt before: it was not protected by TLS. */
static int
session_handshake(struct smtp_session *session, struct error *err)
{
	const struct smtp_params *params = session->params;
	struct tls *tls = tls_new(params, wire_stream(session->wire)->fd, err);

	if (tls == NULL)
		return -1;
	if (wire_start_tls(session->wire, tls,
		smtp_params_deadline(session->params), err) == -1) {
		smtp_step_certificate(params, tls);
		return -1;
	}
	smtp_step_tls(params, tls);
	memset(&session->extensions, 0, sizeof session->extensions);
	session_enter(session,
	    params->tls == SMTP_TLS_IMPLICIT ? SMTP_STATE_GREETING
					     : SMTP_STATE_EHLO);
	return 0;
}

static int
session_auth(struct smtp_session *session, struct error *err)
{
	const struct smtp_params *params = session->params;

	if (auth_is_wanted(params, &session->extensions)) {
		if (wire_tls(session->wire) == NULL)
			return error_set(err, ERROR_SECURITY,
			    "%s: no credential is sent without TLS",
			    session->peer);
		if (auth_sign_in(params, &session->extensions, session->wire,
			&session->reply, err) == -1)
			return -1;
	}
	session_enter(session, SMTP_STATE_READY);
	return 0;
}

/* Reads the reply to the command that doing names. Any code but code is an
 * error. */
static int
session_expect(struct smtp_session *session, int code, const char *doing,
    struct error *err)
{
	if (smtp_reply_read(&session->reply, session->wire,
		smtp_params_deadline(session->params), err) == -1)
		return -1;
	if (session->reply.code == code)
		return 0;
	return smtp_reply_fail(&session->reply, session->peer, doing, err);
}

static int
session_refuse_plaintext(const struct smtp_session *session, struct error *err)
{
	error_set(err, ERROR_SECURITY, "%s port %u: does not offer STARTTLS",
	    session->peer, (unsigned)session->params->port);
	if (session->extensions.is_masked) {
		error_prefix(err, "a firewall on the way hides STARTTLS");
		error_set_cause(err, "interception");
	}
	error_hint(err,
	    "nothing was sent in the clear; try another network, since this "
	    "one may be hiding it. If the server has no TLS, have its operator "
	    "add it, or send without a sign-in (--user '' --tls=none); "
	    "otherwise use port 465 with implicit TLS");
	return error_set_topic(err, ERROR_TOPIC_IMPLICIT_TLS);
}

/* Sends QUIT without waiting for the reply. */
static void
session_send_quit(struct smtp_session *session)
{
	struct error ignored;

	if (wire_command(session->wire, &ignored, "QUIT") == 0)
		wire_flush(session->wire, clock_now_ms() + QUIT_MS, &ignored);
}
