/* SPDX-License-Identifier: MIT */
/*
 * The server's side of mechanisms that need computation, by GNU SASL. It knows
 * the secret, and so can prove that to the client.
 */
#include "server.h"

#include <string.h>

#include <gsasl.h>

#include "base/text.h"

#include "verdict.h"

/* Those that GNU SASL's server knows, and how often of a thousand times it is
 * asked. SCRAM takes milliseconds. */
static const struct {
	const char *prefix;
	uint32_t permille;
} known[] = {
    {"SCRAM-", 40},
    {"DIGEST-MD5", 500},
    {"CRAM-MD5", 500},
};

static Gsasl *library;

static int on_property(Gsasl *ignored, Gsasl_session *session,
    Gsasl_property property);

void
server_set_up(void)
{
	if (gsasl_init(&library) != GSASL_OK)
		verdict_violation("no memory");
	gsasl_callback_set(library, on_property);
}

void
server_tear_down(void)
{
	gsasl_done(library);
}

bool
server_sasl_start(struct server *server)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (text_has_prefix(server->mechanism, known[i].prefix) &&
		    seed_chance(server->seed, known[i].permille))
			server->has_sasl =
			    gsasl_server_start(library, server->mechanism,
				&server->sasl) == GSASL_OK;
	}
	if (server->has_sasl)
		gsasl_session_hook_set(server->sasl, server);
	return server->has_sasl;
}

enum server_sasl_result
server_sasl_step(struct server *server, const char *response,
    char **ret_challenge)
{
	int result;

	*ret_challenge = NULL;
	if (server->has_proved)
		return *response == '\0' ? SERVER_SASL_DONE
					 : SERVER_SASL_REFUSED;
	result = gsasl_step64(server->sasl, response, ret_challenge);
	if (result == GSASL_NEEDS_MORE)
		return SERVER_SASL_CHALLENGE;
	verdict_note("server", "GNU SASL: %s", gsasl_strerror(result));
	if (result != GSASL_OK)
		return SERVER_SASL_REFUSED;
	server->has_proved = true;
	return *ret_challenge != NULL && **ret_challenge != '\0'
	    ? SERVER_SASL_CHALLENGE
	    : SERVER_SASL_DONE;
}

void
server_sasl_end(struct server *server)
{
	if (server->has_sasl)
		gsasl_finish(server->sasl);
	server->has_sasl = false;
}

/* Channel bindings are only for -PLUS: else the server must refuse a client
 * that could bind, but was not offered it. */
static int
on_property(Gsasl *ignored, Gsasl_session *session, Gsasl_property property)
{
	const struct server *server = gsasl_session_hook_get(session);
	bool is_plus = strstr(server->mechanism, "-PLUS") != NULL;
	const struct {
		Gsasl_property property;
		const char *value;
	} values[] = {
	    {GSASL_PASSWORD, server->account->secret},
	    {GSASL_SCRAM_ITER, "4096"},
	    {GSASL_CB_TLS_EXPORTER,
		is_plus ? "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
			: NULL},
	    {GSASL_REALM, "example.test"},
	    {GSASL_SERVICE, "smtp"},
	    {GSASL_HOSTNAME, "mail.example.test"},
	};

	(void)ignored;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (values[i].property != property || values[i].value == NULL)
			continue;
		return gsasl_property_set(session, property, values[i].value);
	}
	return GSASL_NO_CALLBACK;
}
