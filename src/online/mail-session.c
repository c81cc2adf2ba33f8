/* SPDX-License-Identifier: MIT */
/*
 * Sets libcurl up for a mail server that isn't SMTP. libcurl does the dialogue;
 * curl-peer.c checks the certificate at the first line that comes through TLS.
 */
#include "online/mail-session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "https/curl-handle.h"

static void add_secrets(struct mail_session *session);
static void add_response(struct mail_session *session, const char *before,
    size_t before_len, const char *after, size_t after_len);
static int set_policy(struct mail_session *session, struct error *err);
static int set_url(struct mail_session *session, struct error *err);
static bool set_options(struct mail_session *session);
static bool set_secret(struct mail_session *session);
static CURLcode perform_once(struct mail_session *session);
static bool allow_plain_only(struct mail_session *session);

int
mail_session_open(struct mail_session *session,
    size_t (*on_line)(char *bytes, size_t one, size_t len, void *data),
    void *data, struct error *err)
{
	CURL *handle;

	if (!text_is_one_line(secret_bytes(session->secret),
		secret_len(session->secret)))
		return error_set(err, ERROR_AUTH,
		    "the credential holds a line end or a NUL");
	session->deadline_ms = clock_now_ms() +
	    account_duration_ms(session->account, SETTING_TIMEOUT);
	add_secrets(session);
	if (set_policy(session, err) == -1 || set_url(session, err) == -1)
		return -1;
	handle = curl_handle_new(session->place->protocols, err);
	session->handle = handle;
	if (handle == NULL ||
	    curl_peer_prepare(handle, &session->peer, err) == -1)
		return -1;
	if (set_options(session) && set_secret(session) &&
	    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_line) ==
		CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_HEADERDATA, data) == CURLE_OK)
		return 0;
	return error_set(err, ERROR_SYSTEM,
	    "libcurl cannot be configured for %s", session->place->name);
}

void
mail_session_close(struct mail_session *session)
{
	curl_easy_cleanup(session->handle);
	curl_url_cleanup(session->url);
	redaction_done(&session->redaction);
	free(session->host_ascii);
}

/* The secret, and the responses that have it: of PLAIN (RFC 4616), OAUTHBEARER
 * (RFC 7628) and XOAUTH2. */
static void
add_secrets(struct mail_session *session)
{
	const char *user = session->account->text[SETTING_USER];
	char before[1024];
	int len;

	redaction_add_secret(&session->redaction, session->secret);
	if (!session->is_token) {
		len =
		    snprintf(before, sizeof before, "%c%s%c", '\0', user, '\0');
		add_response(session, before, (size_t)len, "", 0);
		return;
	}
	len = snprintf(before, sizeof before, "user=%s\001auth=Bearer ", user);
	add_response(session, before, (size_t)len, "\001\001", 2);
	len = snprintf(before, sizeof before,
	    "n,a=%s,\001host=%s\001port=%s\001auth=Bearer ", user,
	    session->account->text[session->place->host],
	    session->account->text[session->place->port]);
	add_response(session, before, (size_t)len, "\001\001", 2);
}

static void
add_response(struct mail_session *session, const char *before,
    size_t before_len, const char *after, size_t after_len)
{
	struct error ignored;
	struct secret *whole = secret_new(&ignored);

	if (whole == NULL ||
	    secret_add(whole, before, before_len, &ignored) == -1 ||
	    secret_add(whole, secret_bytes(session->secret),
		secret_len(session->secret), &ignored) == -1 ||
	    secret_add(whole, after, after_len, &ignored) == -1)
		session->redaction.is_incomplete = true;
	else
		redaction_add_base64(&session->redaction, secret_bytes(whole),
		    secret_len(whole));
	secret_free(whole);
}

static int
set_policy(struct mail_session *session, struct error *err)
{
	const struct account *account = session->account;
	const struct account_list *pins =
	    &account->list[SETTING_TLS_FINGERPRINT];
	const char *host = account->text[session->place->host];
	size_t len = strlen(host);

	if (text_has_8bit(host, len)) {
		error_set(err, ERROR_CONFIG, "%s: not an ASCII host name",
		    host);
		return error_hint(err,
		    "set %s to the form that begins with xn--",
		    setting_row(session->place->host)->name);
	}
	if (len > 1 && host[len - 1] == '.')
		len--;
	session->host_ascii = text_copy(host, len);
	if (session->host_ascii == NULL)
		return error_no_memory(err);
	session->peer =
	    (struct curl_peer){.policy = {.host = host,
				   .host_ascii = session->host_ascii,
				   .trust_file =
				       account->text[SETTING_TLS_TRUST_FILE],
				   .fingerprint = pins->element,
				   .fingerprint_count = pins->count,
				   .check_strength = true,
				   .trust_setting = "--tls-trust-file",
				   .fingerprint_setting = "--tls-fingerprint"},
		.crl_file = account->text[SETTING_TLS_CRL_FILE],
		.priority = account->text[SETTING_TLS_PRIORITY],
		.priority_setting = "tls-priority"};
	return 0;
}

static int
set_url(struct mail_session *session, struct error *err)
{
	const struct mail_place *place = session->place;
	const char *host = session->host_ascii;
	bool is_ipv6 = strchr(host, ':') != NULL; /* RFC 3986 3.2.2 */
	bool is_implicit =
	    !account_is(session->account, place->tls, "starttls");
	CURLU *url = curl_url();
	char shown[512];
	char port[sizeof "65535"];

	session->url = url;
	snprintf(shown, sizeof shown, is_ipv6 ? "[%s]" : "%s", host);
	snprintf(port, sizeof port, "%u",
	    account_number(session->account, place->port));
	if (url == NULL)
		return error_no_memory(err);
	if (curl_url_set(url, CURLUPART_SCHEME, place->scheme[is_implicit],
		0) == CURLUE_OK &&
	    curl_url_set(url, CURLUPART_HOST, shown, 0) == CURLUE_OK &&
	    curl_url_set(url, CURLUPART_PORT, port, 0) == CURLUE_OK)
		return 0;
	return error_set(err, ERROR_CONFIG, "%s: not a host name", host);
}

/* Through a proxy, a POP3 server would admit the proxy and not this host. */
static bool
set_options(struct mail_session *session)
{
	CURL *handle = session->handle;

	return curl_easy_setopt(handle, CURLOPT_USE_SSL,
		   (long)CURLUSESSL_ALL) == CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_PROXY, "") == CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_CURLU, session->url) == CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, session->text) ==
	    CURLE_OK;
}

/*
 * libcurl (7.88, 2026) prefers CRAM-MD5 with an empty password, if the server
 * offers it, to the mechanisms that send a token.
 */
static bool
set_secret(struct mail_session *session)
{
	CURL *handle = session->handle;
	const char *secret = secret_bytes(session->secret);

	if (curl_easy_setopt(handle, CURLOPT_USERNAME,
		session->account->text[SETTING_USER]) != CURLE_OK)
		return false;
	if (!session->is_token)
		return curl_easy_setopt(handle, CURLOPT_PASSWORD, secret) ==
		    CURLE_OK;
	return curl_easy_setopt(handle, CURLOPT_XOAUTH2_BEARER, secret) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_LOGIN_OPTIONS,
		"AUTH=OAUTHBEARER;AUTH=XOAUTH2") == CURLE_OK;
}

int
mail_session_perform(struct mail_session *session, CURLcode *ret_failure,
    struct error *err)
{
	CURLcode failure = perform_once(session);

	*ret_failure = CURLE_OK;
	if (failure == CURLE_AUTH_ERROR && !session->is_token &&
	    allow_plain_only(session))
		failure = perform_once(session);
	if (session->failure.code != ERROR_NONE) {
		*err = session->failure;
		return -1;
	}
	*ret_failure = failure;
	if (failure != CURLE_OK)
		return -1;
	if (session->is_checked ||
	    curl_peer_verifier() == CURL_PEER_VERIFIER_LIBCURL)
		return 0;
	return error_set(err, ERROR_SECURITY,
	    "%s: libcurl gives no access to the certificate",
	    session->peer.policy.host);
}

static CURLcode
perform_once(struct mail_session *session)
{
	session->lines_len = 0;
	session->is_checked = false;
	if (!curl_handle_set_deadline(session->handle, session->deadline_ms))
		return CURLE_OUT_OF_MEMORY;
	return curl_easy_perform(session->handle);
}

/*
 * libcurl (7.88, 2026) chooses GSSAPI if the server offers it and the user is
 * "name@domain", and gives up without a ticket.
 */
static bool
allow_plain_only(struct mail_session *session)
{
	return curl_easy_setopt(session->handle, CURLOPT_LOGIN_OPTIONS,
		   "AUTH=PLAIN;AUTH=LOGIN") == CURLE_OK;
}

/*
 * The first line through TLS is the greeting or, after STARTTLS, a capability;
 * the secret has not been sent by then.
 */
bool
mail_session_line(struct mail_session *session, const char *bytes, size_t len)
{
	const struct mail_place *place = session->place;
	const char *host = session->peer.policy.host;

	if (len > place->lines_max - session->lines_len) {
		error_set(&session->failure, ERROR_TEMPORARY,
		    "%s: the answer is longer than %zu KiB", host,
		    place->lines_max / 1024);
		return false;
	}
	if (session->lines_len == 0 &&
	    (len == 0 || strchr(place->begin, bytes[0]) == NULL)) {
		error_set(&session->failure, ERROR_TEMPORARY,
		    "%s: the answer isn't %s", host, place->name);
		return false;
	}
	session->lines_len += len;
	if (session->is_checked || !curl_peer_has_session(session->handle))
		return true;
	session->is_checked = curl_peer_check(session->handle, &session->peer,
				  &session->failure) == 0;
	return session->is_checked;
}
