/* SPDX-License-Identifier: MIT */
/*
 * Signs the client in. Mechanisms that need computation are sometimes left to
 * server-sasl.c; else it sends challenges of all kinds, and the client must not
 * believe its 235.
 */
#include "server.h"

#include <stdio.h>
#include <string.h>

#include <gsasl.h>

#include "base/text.h"

#include "verdict.h"

static void step(struct server *server, const char *response);
static void challenge(struct server *server);
static void conclude(struct server *server);
static bool proves_server(const struct server *server);

void
server_hear_auth(struct server *server, const char *arguments)
{
	const char *initial = strchr(arguments, ' ');
	size_t len =
	    initial != NULL ? (size_t)(initial - arguments) : strlen(arguments);

	if (!server->is_tls)
		verdict_violation("AUTH in the clear");
	if (len >= sizeof server->mechanism) {
		verdict_violation("a long name of a mechanism");
		return;
	}
	memcpy(server->mechanism, arguments, len);
	server->mechanism[len] = '\0';
	server->auth_step = 0;
	server->has_proved = false;
	server->state = SERVER_AUTH;
	server_sasl_end(server);
	if (server_sasl_start(server))
		step(server, initial != NULL ? initial + 1 : "");
	else if (initial != NULL)
		server_hear_response(server, initial + 1);
	else
		challenge(server);
}

void
server_hear_response(struct server *server, const char *line)
{
	unsigned steps = text_equals(server->mechanism, "LOGIN") ? 2
	    : text_has_prefix(server->mechanism, "SCRAM")        ? 3
								 : 1;

	if (text_equals(line, "*")) {
		server->state = SERVER_COMMAND;
		server_say(server, TRUTH_MARK_OTHER, 501, "5.5.2 cancelled");
		return;
	}
	if (server->has_sasl) {
		step(server, line);
		return;
	}
	server->auth_step++;
	if (server->auth_step < steps ||
	    seed_chance(server->seed, server->deviations / 2))
		challenge(server);
	else
		conclude(server);
}

static void
step(struct server *server, const char *response)
{
	char *text;
	int code = 334;

	switch (server_sasl_step(server, response, &text)) {
	case SERVER_SASL_CHALLENGE:
		if (server->has_proved && seed_chance(server->seed, 100)) {
			verdict_note("server", "spoils its proof");
			text[strlen(text) / 2] ^= 1;
			server->has_proved = false;
		}
		code = server_say(server, TRUTH_MARK_OTHER, 334, text);
		server->has_proved &= code == 334;
		break;
	case SERVER_SASL_DONE:
		conclude(server);
		break;
	case SERVER_SASL_REFUSED:
		code = server_say(server, TRUTH_MARK_OTHER, 535, "5.7.8 no");
		break;
	}
	if (code != 334)
		server->state = SERVER_COMMAND;
	gsasl_free(text);
}

static void
challenge(struct server *server)
{
	static const char *const texts[] = {"Username:", "",
	    "Password:", "<1896.697170952@example.test>", "e=invalid-proof",
	    "r=short,s=c2FsdA==,i=4096", "r=x,s=c2FsdA==,i=99999999",
	    "{\"status\":\"401\",\"schemes\":\"bearer\"}",
	    "realm=\"x\",nonce=\"y\",qop=\"auth\",algorithm=md5-sess",
	    "v=cm1mMUJ...", "user name", "NTLMSSP"};
	bool is_login = text_equals(server->mechanism, "LOGIN");
	const char *text =
	    texts[seed_below(server->seed, sizeof texts / sizeof *texts)];
	char *encoded = NULL;
	int code;

	if (is_login && !seed_chance(server->seed, server->deviations))
		text = server->auth_step == 0 ? "Username:" : "Password:";
	if (text_equals(server->mechanism, "PLAIN"))
		text = "";
	if (gsasl_base64_to(text, strlen(text), &encoded, NULL) != GSASL_OK)
		return;
	code = server_say(server, TRUTH_MARK_OTHER, 334,
	    seed_chance(server->seed, server->deviations / 2) ? text : encoded);
	server->is_signed_in = code == 235 && !proves_server(server);
	if (code != 334)
		server->state = SERVER_COMMAND;
	gsasl_free(encoded);
}

static void
conclude(struct server *server)
{
	static const int refusals[] = {535, 454, 500, 501, 504, 534};
	int code = 235;

	server->state = SERVER_COMMAND;
	if (seed_chance(server->seed, 50 + server->deviations))
		code = refusals[seed_below(server->seed, 6)];
	code = server_say(server, TRUTH_MARK_OTHER, code, "2.7.0 well");
	/* A server that has proved nothing is not believed. */
	server->is_signed_in =
	    code == 235 && (server->has_proved || !proves_server(server));
}

static bool
proves_server(const struct server *server)
{
	return text_has_prefix(server->mechanism, "SCRAM") ||
	    text_equals(server->mechanism, "DIGEST-MD5");
}
