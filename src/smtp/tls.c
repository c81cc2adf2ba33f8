/* SPDX-License-Identifier: MIT */
/*
 * Runs a TLS session: the handshake and the records. tls/verify.c decides
 * whether a certificate is valid.
 */
#include "smtp/tls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/secret.h"
#include "smtp/address-kind.h"
#include "smtp/resolve.h"
#include "tls/client-cert.h"
#include "tls/priority.h"
#include "tls/trust.h"
#include "tls/verify.h"

enum {
	S_CLIENT_OPTIONS_SIZE = 300,
	FIRST_SIZE = 8
};

/* How protocols begin that a server may speak instead of TLS. */
static const struct {
	const char *begin;
	const char *protocol;
	const char *cause;
} clear_protocols[] = {
    {"220", "SMTP", "tls-not-spoken"},
    {"421", "SMTP", "tls-not-spoken"},
    {"554", "SMTP", "tls-not-spoken"},
    {"HTTP/", "HTTP", "not-a-mail-server"},
    {"+OK", "POP3", "not-a-mail-server"},
    {"* OK", "IMAP", "not-a-mail-server"},
    {"SSH-", "SSH", "not-a-mail-server"},
};

struct tls {
	gnutls_session_t session;
	gnutls_certificate_credentials_t credentials;
	struct secret *pin; /* of the client's key, if any */
	const struct smtp_params *params;
	char *host_ascii;
	int fd;
	bool established;
	bool has_unsent;        /* a record of which GnuTLS keeps a part */
	char first[FIRST_SIZE]; /* bytes of the handshake, with NUL */
	size_t first_len;
	bool refused; /* verify_error says why */
	struct error verify_error;
	char *description;
};

static char *ascii_host(const char *host, struct error *err);
static int set_up_credentials(struct tls *tls, struct error *err);
static int set_up_session(struct tls *tls, struct error *err);
static int on_certificate(gnutls_session_t session);
static ssize_t tls_pull(gnutls_transport_ptr_t transport, void *out,
    size_t len);
static int tls_explain_handshake(struct tls *tls, int failure,
    struct error *err);
static bool tls_server_spoke(const struct tls *tls);
static int tls_explain_clear(const struct tls *tls, struct error *err);
static int tls_explain_alert(struct tls *tls, struct error *err);
static int tls_explain_record(struct tls *tls, int failure, struct error *err);

struct tls *
tls_new(const struct smtp_params *params, int fd, struct error *err)
{
	struct tls *tls = calloc(1, sizeof *tls);

	if (tls == NULL) {
		error_no_memory(err);
		return NULL;
	}
	tls->params = params;
	tls->fd = fd;
	tls->host_ascii = ascii_host(params->host, err);
	if (tls->host_ascii == NULL || set_up_credentials(tls, err) == -1 ||
	    set_up_session(tls, err) == -1) {
		tls_free(tls);
		return NULL;
	}
	return tls;
}

void
tls_free(struct tls *tls)
{
	if (tls == NULL)
		return;
	/* It would send that record, too, whose message is given up. */
	if (tls->established && !tls->has_unsent)
		gnutls_bye(tls->session, GNUTLS_SHUT_WR);
	if (tls->session != NULL)
		gnutls_deinit(tls->session);
	if (tls->credentials != NULL)
		gnutls_certificate_free_credentials(tls->credentials);
	secret_free(tls->pin);
	gnutls_free(tls->description);
	free(tls->host_ascii);
	free(tls);
}

int
tls_handshake(struct tls *tls, struct error *err)
{
	int result = gnutls_handshake(tls->session);

	if (result < 0 && gnutls_error_is_fatal(result) == 0) {
		err->code = ERROR_NONE;
		return -1;
	}
	if (result < 0)
		return tls_explain_handshake(tls, result, err);
	tls->established = true;
	tls->description = gnutls_session_get_desc(tls->session);
	return 0;
}

bool
tls_wants_to_write(const struct tls *tls)
{
	return gnutls_record_get_direction(tls->session) == 1;
}

long
tls_send(struct tls *tls, const void *bytes, size_t len, struct error *err)
{
	ssize_t sent = gnutls_record_send(tls->session, bytes, len);

	tls->has_unsent = sent < 0;
	if (sent >= 0)
		return sent;
	if (gnutls_error_is_fatal((int)sent) == 0)
		return 0;
	return tls_explain_record(tls, (int)sent, err);
}

long
tls_receive(struct tls *tls, void *out, size_t len, bool *ret_ended,
    struct error *err)
{
	ssize_t got = gnutls_record_recv(tls->session, out, len);

	/* A missing close_notify is accepted: each reply line is complete by
	   itself. */
	if (got == 0 || got == GNUTLS_E_PREMATURE_TERMINATION)
		*ret_ended = true;
	else if (got < 0 && gnutls_error_is_fatal((int)got) != 0)
		return tls_explain_record(tls, (int)got, err);
	return got > 0 ? got : 0;
}

bool
tls_has_pending(const struct tls *tls)
{
	return tls != NULL && tls->established &&
	    gnutls_record_check_pending(tls->session) > 0;
}

const char *
tls_description(const struct tls *tls)
{
	return tls->description != NULL ? tls->description : "TLS";
}

bool
tls_is_refused(const struct tls *tls)
{
	return tls->refused;
}

struct gnutls_session_int *
tls_session(const struct tls *tls)
{
	return tls->session;
}

static char *
ascii_host(const char *host, struct error *err)
{
	char *ascii = resolve_ascii(host, err);
	size_t len = ascii != NULL ? strlen(ascii) : 0;

	if (len > 1 && ascii[len - 1] == '.')
		ascii[len - 1] = '\0';
	return ascii;
}

static int
set_up_credentials(struct tls *tls, struct error *err)
{
	const struct smtp_params *params = tls->params;

	if (gnutls_certificate_allocate_credentials(&tls->credentials) < 0) {
		tls->credentials = NULL;
		return error_no_memory(err);
	}
	gnutls_certificate_set_verify_function(tls->credentials,
	    on_certificate);
	if (params->tls_crl_file != NULL &&
	    trust_add_revocations(tls->credentials, params->tls_crl_file,
		err) == -1)
		return -1;
	if (params->tls_cert_file == NULL)
		return 0;
	/* One file may hold both the certificate and the key. */
	return client_cert_load(tls->credentials, params->tls_cert_file,
	    params->tls_key_file != NULL ? params->tls_key_file
					 : params->tls_cert_file,
	    &tls->pin, err);
}

static int
set_up_session(struct tls *tls, struct error *err)
{
	const char *host = tls->host_ascii;
	/* No session is ever resumed, so no ticket is requested. OpenSSL 3.0
	   sends one anyway (Postfix 3.7, 2026) and holds its next reply back
	   until the ticket is acknowledged: one round trip. */
	int failure = gnutls_init(&tls->session,
	    GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL |
		GNUTLS_NO_TICKETS);

	if (failure < 0) {
		tls->session = NULL;
		return error_no_memory(err);
	}
	if (tls_priority_set(tls->session, tls->params->tls_priority, err) ==
	    -1)
		return -1;
	failure = gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE,
	    tls->credentials);
	if (failure == 0 && !address_is_numeric(host)) /* RFC 6066 section 3 */
		failure = gnutls_server_name_set(tls->session, GNUTLS_NAME_DNS,
		    host, strlen(host));
	if (failure < 0)
		return error_set(err, ERROR_SYSTEM, "setting up TLS: %s",
		    gnutls_strerror(failure));
	gnutls_session_set_ptr(tls->session, tls);
	gnutls_transport_set_int(tls->session, tls->fd);
	gnutls_transport_set_ptr2(tls->session, tls,
	    (gnutls_transport_ptr_t)(intptr_t)tls->fd);
	gnutls_transport_set_pull_function(tls->session, tls_pull);
	gnutls_handshake_set_timeout(tls->session,
	    0); /* the wire has its own */
	return 0;
}

/* Called by GnuTLS before it sends anything under the new keys. */
static int
on_certificate(gnutls_session_t session)
{
	struct tls *tls = gnutls_session_get_ptr(session);
	const struct smtp_params *params = tls->params;
	char options[S_CLIENT_OPTIONS_SIZE];
	const struct tls_policy policy = {
	    .host = params->host,
	    .host_ascii = tls->host_ascii,
	    .trust_file = params->tls_trust_file,
	    .fingerprint = params->tls_fingerprint,
	    .fingerprint_count = params->tls_fingerprint_count,
	    .s_client_options = options,
	};

	snprintf(options, sizeof options, "%s-connect %s:%u",
	    params->tls == SMTP_TLS_STARTTLS ? "-starttls smtp " : "",
	    tls->host_ascii, (unsigned)params->port);

	tls->refused = verify_peer(session, tls->credentials, &policy,
			   &tls->verify_error) == -1;
	return tls->refused ? GNUTLS_E_CERTIFICATE_ERROR : 0;
}

static ssize_t
tls_pull(gnutls_transport_ptr_t transport, void *out, size_t len)
{
	struct tls *tls = transport;
	ssize_t got = recv(tls->fd, out, len, 0);

	if (got > 0 && !tls_server_spoke(tls)) {
		tls->first_len = (size_t)got < sizeof tls->first
		    ? (size_t)got
		    : sizeof tls->first - 1;
		memcpy(tls->first, out, tls->first_len);
	}
	if (got == -1)
		gnutls_transport_set_errno(tls->session, errno);
	return got;
}

static bool
tls_server_spoke(const struct tls *tls)
{
	return tls->first_len > 0;
}

static int
tls_explain_handshake(struct tls *tls, int failure, struct error *err)
{
	const char *host = tls->params->host;
	bool is_end = failure == GNUTLS_E_PREMATURE_TERMINATION ||
	    failure == GNUTLS_E_PULL_ERROR || failure == GNUTLS_E_PUSH_ERROR;

	if (tls->refused) {
		*err = tls->verify_error;
		return -1;
	}
	if (failure == GNUTLS_E_PULL_ERROR || failure == GNUTLS_E_PUSH_ERROR ||
	    (is_end && !tls_server_spoke(tls)))
		return error_set(err, ERROR_TEMPORARY,
		    "%s: the connection ended during the TLS handshake", host);
	if (failure == GNUTLS_E_FATAL_ALERT_RECEIVED)
		return tls_explain_alert(tls, err);
	if (failure == GNUTLS_E_MEMORY_ERROR)
		return error_no_memory(err);
	error_set(err, ERROR_SECURITY, "%s: TLS handshake failed: %s", host,
	    gnutls_strerror(failure));
	if (failure == GNUTLS_E_UNSUPPORTED_VERSION_PACKET)
		return error_hint(err,
		    "ask the operator of the server to enable TLS 1.2; it "
		    "offers nothing newer than TLS 1.1");
	if (failure == GNUTLS_E_UNEXPECTED_PACKET ||
	    failure == GNUTLS_E_UNEXPECTED_PACKET_LENGTH ||
	    failure == GNUTLS_E_RECORD_OVERFLOW)
		return tls_explain_clear(tls, err);
	return -1;
}

/* Leaves the message if the protocol is unknown. */
static int
tls_explain_clear(const struct tls *tls, struct error *err)
{
	size_t count = sizeof clear_protocols / sizeof *clear_protocols;
	const char *cause = "tls-not-spoken";
	size_t i = 0;

	while (i < count &&
	    strncmp(tls->first, clear_protocols[i].begin,
		strlen(clear_protocols[i].begin)) != 0)
		i++;
	if (i < count) {
		cause = clear_protocols[i].cause;
		error_set(err, ERROR_SECURITY,
		    "%s port %u: TLS handshake failed: the server speaks %s "
		    "without TLS",
		    tls->params->host, (unsigned)tls->params->port,
		    clear_protocols[i].protocol);
	}
	error_set_cause(err, cause);
	if (strcmp(cause, "tls-not-spoken") != 0)
		return -1;
	error_hint(err,
	    "port %u does not expect TLS from the first byte; use STARTTLS",
	    (unsigned)tls->params->port);
	return error_set_topic(err, ERROR_TOPIC_STARTTLS);
}

static int
tls_explain_alert(struct tls *tls, struct error *err)
{
	gnutls_alert_description_t alert = gnutls_alert_get(tls->session);

	error_set(err, ERROR_SECURITY,
	    "%s: TLS handshake refused by the server: %s", tls->params->host,
	    gnutls_alert_get_name(alert));
	if (alert == GNUTLS_A_INTERNAL_ERROR || alert == GNUTLS_A_USER_CANCELED)
		err->code = ERROR_TEMPORARY; /* the server may recover */
	if (alert != GNUTLS_A_HANDSHAKE_FAILURE &&
	    alert != GNUTLS_A_INSUFFICIENT_SECURITY)
		return -1;
	error_hint(err,
	    "try again, then another port or network (postrider check tries "
	    "them); if the server supports only obsolete cipher suites and "
	    "cannot be replaced, allow them");
	return error_set_topic(err, ERROR_TOPIC_OLD_CIPHERS);
}

static int
tls_explain_record(struct tls *tls, int failure, struct error *err)
{
	/* With TLS 1.3, some refusals come after the handshake. */
	if (failure == GNUTLS_E_FATAL_ALERT_RECEIVED)
		return tls_explain_alert(tls, err);
	if (failure == GNUTLS_E_PUSH_ERROR || failure == GNUTLS_E_PULL_ERROR)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: the connection was reset", tls->params->host);
	return error_set(err, ERROR_TEMPORARY, "%s: TLS: %s", tls->params->host,
	    gnutls_strerror(failure));
}
