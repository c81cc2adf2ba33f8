/* SPDX-License-Identifier: MIT */
/*
 * Explains why a session with a POP3 or IMAP server failed. The hints of
 * https/curl-failure.c are for web servers; those about the connection are
 * replaced.
 */
#include "online/mail-failure.h"

#include <string.h>

#include "https/curl-failure.h"

static int mail_failure_no_starttls(const struct mail_session *session,
    struct error *err);
static void mail_failure_hint(struct mail_session *session, struct error *err);
static bool mail_failure_has_cause(const struct error *err, const char *cause);
static bool mail_failure_is_silent(struct mail_session *session);

int
mail_failure_explain(struct mail_session *session, CURLcode failure,
    struct error *err)
{
	const struct mail_place *place = session->place;

	if (failure == CURLE_USE_SSL_FAILED)
		return mail_failure_no_starttls(session, err);
	if (failure == CURLE_WEIRD_SERVER_REPLY ||
	    failure == CURLE_UNSUPPORTED_PROTOCOL)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: the answer isn't %s", session->peer.policy.host,
		    place->name);
	curl_failure_explain(session->handle, failure, session->text,
	    &session->peer, err);
	mail_failure_hint(session, err);
	return -1;
}

static int
mail_failure_no_starttls(const struct mail_session *session, struct error *err)
{
	const struct mail_place *place = session->place;

	error_set(err, ERROR_SECURITY, "%s port %u: the server offers no %s",
	    session->peer.policy.host,
	    account_number(session->account, place->port),
	    strcmp(place->name, "POP3") == 0 ? "STLS" : "STARTTLS");
	return error_hint(err,
	    "nothing was sent in clear text; set %s to implicit",
	    setting_row(place->tls)->name);
}

static void
mail_failure_hint(struct mail_session *session, struct error *err)
{
	static const char *const causes[] = {"connection-refused",
	    "port-filtered", "no-network", "timeout", "connection-lost",
	    "tls-failed"};
	const struct mail_place *place = session->place;
	const char *host = setting_row(place->host)->name;
	const char *port = setting_row(place->port)->name;
	const char *tls = setting_row(place->tls)->name;
	unsigned number = account_number(session->account, place->port);

	if (mail_failure_has_cause(err, "tls-not-spoken")) {
		error_hint(err,
		    "if port %u is for STARTTLS, set %s to starttls; otherwise "
		    "check %s and %s",
		    number, tls, host, port);
		return;
	}
	if (mail_failure_has_cause(err, "timeout") &&
	    mail_failure_is_silent(session)) {
		error_hint(err,
		    "if port %u is for implicit TLS, set %s to implicit; "
		    "otherwise check %s and %s",
		    number, tls, host, port);
		return;
	}
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
		if (mail_failure_has_cause(err, causes[i])) {
			error_hint(err,
			    "check the network connection, %s and %s (%u)",
			    host, port, number);
			return;
		}
	}
}

static bool
mail_failure_has_cause(const struct error *err, const char *cause)
{
	return err->cause != NULL && strcmp(err->cause, cause) == 0;
}

/* Whether the server, once connected, said nothing: one that expects TLS waits
 * for the client. */
static bool
mail_failure_is_silent(struct mail_session *session)
{
	curl_off_t connected_us = 0;

	curl_easy_getinfo(session->handle, CURLINFO_CONNECT_TIME_T,
	    &connected_us);
	return connected_us > 0 && session->lines_len == 0 &&
	    account_is(session->account, session->place->tls, "starttls");
}
