/* SPDX-License-Identifier: MIT */
/*
 * Parses priority strings, for sessions of our own and of libcurl.
 */
#include "tls/priority.h"

#include <stddef.h>

const char tls_priority_default[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"
    ":-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305"
    ":-MAC-ALL:+AEAD:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA"
    ":-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1:%PROFILE_MEDIUM";

static int tls_priority_parse(const char *text, gnutls_priority_t *ret_priority,
    struct error *err);
static bool tls_priority_permits(gnutls_priority_t priority,
    gnutls_session_t session);
static bool priority_list_has(const unsigned *list, int count, unsigned id);

int
tls_priority_set(gnutls_session_t session, const char *priority,
    struct error *err)
{
	gnutls_priority_t parsed;
	int failure;

	if (tls_priority_parse(priority, &parsed, err) == -1)
		return -1;
	failure = gnutls_priority_set(session, parsed);
	gnutls_priority_deinit(parsed); /* the session keeps a reference */
	return failure >= 0 ? 0
			    : error_set(err, ERROR_SYSTEM, "setting up TLS: %s",
				  gnutls_strerror(failure));
}

int
tls_priority_check(gnutls_session_t session, const char *priority,
    const char *host, struct error *err)
{
	gnutls_priority_t parsed;
	bool permits;
	char *description;

	if (tls_priority_parse(priority, &parsed, err) == -1)
		return -1;
	permits = tls_priority_permits(parsed, session);
	gnutls_priority_deinit(parsed);
	if (permits)
		return 0;
	description = gnutls_session_get_desc(session);
	error_set(err, ERROR_SECURITY,
	    "%s: the server chose an obsolete TLS cipher suite: %s", host,
	    description != NULL ? description : "unknown");
	gnutls_free(description);
	return -1;
}

static int
tls_priority_parse(const char *text, gnutls_priority_t *ret_priority,
    struct error *err)
{
	const char *fault = NULL;
	int failure;

	if (text == NULL || *text == '\0')
		text = tls_priority_default;
	failure = gnutls_priority_init(ret_priority, text, &fault);
	if (failure >= 0)
		return 0;
	if (failure == GNUTLS_E_MEMORY_ERROR)
		return error_no_memory(err);
	if (fault == NULL)
		return error_set(err, ERROR_CONFIG,
		    "the TLS priority string \"%s\" cannot be used: %s", text,
		    gnutls_strerror(failure));
	error_set(err, ERROR_CONFIG,
	    "the TLS priority string is invalid at character %zu: \"%s\"",
	    (size_t)(fault - text) + 1, fault);
	error_hint(err, "\"gnutls-cli --list\" lists the valid parts");
	return error_set_topic(err, ERROR_TOPIC_TLS_PRIORITY);
}

static bool
tls_priority_permits(gnutls_priority_t priority, gnutls_session_t session)
{
	const unsigned *list;
	int count = gnutls_priority_protocol_list(priority, &list);
	gnutls_protocol_t version = gnutls_protocol_get_version(session);

	if (!priority_list_has(list, count, version))
		return false;
	count = gnutls_priority_cipher_list(priority, &list);
	if (!priority_list_has(list, count, gnutls_cipher_get(session)))
		return false;
	count = gnutls_priority_mac_list(priority, &list);
	if (!priority_list_has(list, count, gnutls_mac_get(session)))
		return false;
	/* TLS 1.3 has no key exchange in its cipher suites. */
	count = gnutls_priority_kx_list(priority, &list);
	return version == GNUTLS_TLS1_3 ||
	    priority_list_has(list, count, gnutls_kx_get(session));
}

static bool
priority_list_has(const unsigned *list, int count, unsigned id)
{
	for (int i = 0; i < count; i++) {
		if (list[i] == id)
			return true;
	}
	return false;
}
