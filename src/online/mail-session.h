/* SPDX-License-Identifier: MIT */
#ifndef ONLINE_MAIL_SESSION_H
#define ONLINE_MAIL_SESSION_H

/*
 * A session with a POP3 or IMAP server of the account, by libcurl: its address,
 * TLS, the sign-in, its limits, and what must be redacted. This header needs
 * libcurl's.
 */

#include <stdbool.h>
#include <stdint.h>

#include <curl/curl.h>

#include "base/error.h"
#include "base/redaction.h"
#include "base/secret.h"
#include "config/account.h"
#include "https/curl-peer.h"

/* What the caller sets, all borrowed. */
struct mail_place {
	const char *name; /* of the protocol, "POP3" */
	const char *protocols;
	const char *scheme[2]; /* with STARTTLS, with implicit TLS */
	enum setting_id host;
	enum setting_id port;
	enum setting_id tls;
	size_t lines_max;  /* bytes of all lines of an answer */
	const char *begin; /* what the first line may begin with, a set */
};

struct mail_session {
	const struct mail_place *place;
	const struct account *account;
	const struct secret *secret; /* password, or access token */
	bool is_token;

	CURL *handle;
	struct curl_peer peer;
	struct redaction redaction; /* what a server may quote */
	struct error failure;       /* of mail_session_line, or ERROR_NONE */
	char *host_ascii;
	CURLU *url;
	int64_t deadline_ms; /* monotonic: the account's timeout from now */
	size_t lines_len;
	bool is_checked;            /* the certificate is trusted */
	char text[CURL_ERROR_SIZE]; /* libcurl's explanation of its failure */
};

/*
 * Prepares a handle; on_line gets every line of the server, and data, and must
 * call mail_session_line first. Connects to nothing yet. Call
 * mail_session_close also after a failure. ERROR_CONFIG, ERROR_AUTH if the
 * secret is more than a line, ERROR_SYSTEM.
 */
int mail_session_open(struct mail_session *session,
    size_t (*on_line)(char *bytes, size_t one, size_t len, void *data),
    void *data, struct error *err);

/* Ends the session by QUIT or LOGOUT. */
void mail_session_close(struct mail_session *session);

/*
 * Connects if necessary, signs in, and sends the command that the handle is set
 * to. ERROR_NONE in session->failure, and the certificate was trusted, unless
 * this fails: then err is set if ret_failure is CURLE_OK, else the caller
 * explains *ret_failure.
 */
int mail_session_perform(struct mail_session *session, CURLcode *ret_failure,
    struct error *err);

/*
 * Checks a line of the server before libcurl acts on it: its certificate, and
 * the size of the answer. Returns false, with session->failure set, if the
 * session must end.
 */
bool mail_session_line(struct mail_session *session, const char *bytes,
    size_t len);

#endif
