/* SPDX-License-Identifier: MIT */
/*
 * pop: signs in by POP3 and out again, for a server that accepts mail from an
 * address that has just signed in. The question has the password, because it
 * need not come from the vault. libcurl does the dialogue; curl-peer.c checks
 * the certificate at the first line that comes through TLS.
 */
#include "online/operations.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/redaction.h"
#include "base/text.h"
#include "https/curl-handle.h"
#include "https/curl-failure.h"
#include "https/curl-peer.h"

enum {
	LINES_MAX = 65536, /* bytes of all lines of a server */
	REFUSAL_MAX = 512  /* bytes of a line; RFC 2449 4. */
};

struct pop_sign_in {
	const struct account *account;
	const struct secret *password;
	char *host_ascii;
	struct curl_peer peer;
	CURLU *url;
	CURL *handle;
	int64_t deadline_ms; /* monotonic */
	size_t lines_len;
	struct redaction redaction; /* what a server may quote */
	struct buf refusal;         /* the text after the last "-ERR" */
	bool is_checked;            /* the certificate is trusted */
	struct error failure;       /* of a callback, or ERROR_NONE */
	char text[CURL_ERROR_SIZE]; /* libcurl's explanation of its failure */
};

/* Codes in brackets that ask for patience (RFC 2449 8.1, RFC 3206 4.). */
static const char *const patience[] = {"[SYS/TEMP]", "[IN-USE]",
    "[LOGIN-DELAY]"};

static void pop_add_secrets(struct pop_sign_in *sign_in);
static int pop_set_policy(struct pop_sign_in *sign_in, struct error *err);
static int pop_set_url(struct pop_sign_in *sign_in, struct error *err);
static int pop_prepare(struct pop_sign_in *sign_in, struct error *err);
static bool set_fixed_options(CURL *handle);
static bool set_account_options(struct pop_sign_in *sign_in);
static int pop_perform(struct pop_sign_in *sign_in, struct error *err);
static CURLcode pop_attempt(struct pop_sign_in *sign_in);
static bool allow_plain_only(struct pop_sign_in *sign_in);
static size_t pop_on_line(char *bytes, size_t one, size_t len, void *data);
static void pop_keep_refusal(struct pop_sign_in *sign_in, const char *line,
    size_t len);
static int pop_explain(struct pop_sign_in *sign_in, CURLcode failure,
    struct error *err);
static int pop_explain_refusal(const struct pop_sign_in *sign_in,
    struct error *err);
static bool asks_for_patience(const char *refusal);

int
operation_pop(const struct operation_request *request, struct error *err)
{
	struct pop_sign_in sign_in = {.account = request->account,
	    .password = request->question->password};
	int result = -1;

	if (sign_in.password == NULL)
		return error_set(err, ERROR_DATA,
		    "pop: the request has no password");
	if (!text_is_one_line(secret_bytes(sign_in.password),
		secret_len(sign_in.password)))
		return error_set(err, ERROR_AUTH,
		    "the credential holds a line end or a NUL");
	sign_in.deadline_ms = clock_now_ms() +
	    account_duration_ms(sign_in.account, SETTING_TIMEOUT);
	buf_init(&sign_in.refusal, REFUSAL_MAX);
	pop_add_secrets(&sign_in);
	if (pop_set_policy(&sign_in, err) == 0 &&
	    pop_set_url(&sign_in, err) == 0 && pop_prepare(&sign_in, err) == 0)
		result = pop_perform(&sign_in, err);
	curl_easy_cleanup(sign_in.handle); /* sends QUIT */
	curl_url_cleanup(sign_in.url);
	buf_done(&sign_in.refusal);
	redaction_done(&sign_in.redaction);
	free(sign_in.host_ascii);
	return result;
}

/* The password, and the response of PLAIN (RFC 4616). */
static void
pop_add_secrets(struct pop_sign_in *sign_in)
{
	const struct secret *password = sign_in->password;
	const char *user = sign_in->account->text[SETTING_USER];
	struct error ignored;
	struct secret *plain = secret_new(&ignored);

	redaction_add_secret(&sign_in->redaction, password);
	if (plain == NULL || secret_add(plain, "", 1, &ignored) == -1 ||
	    secret_add(plain, user, strlen(user) + 1, &ignored) == -1 ||
	    secret_add(plain, secret_bytes(password), secret_len(password),
		&ignored) == -1)
		sign_in->redaction.is_incomplete = true;
	else
		redaction_add_base64(&sign_in->redaction, secret_bytes(plain),
		    secret_len(plain));
	secret_free(plain);
}

static int
pop_set_policy(struct pop_sign_in *sign_in, struct error *err)
{
	const struct account *account = sign_in->account;
	const char *host = account->text[SETTING_POP_HOST];
	size_t len = strlen(host);

	if (text_has_8bit(host, len)) {
		error_set(err, ERROR_CONFIG, "%s: not an ASCII host name",
		    host);
		return error_hint(err,
		    "set pop-host to the form that begins with xn--");
	}
	if (len > 1 && host[len - 1] == '.')
		len--;
	sign_in->host_ascii = text_copy(host, len);
	if (sign_in->host_ascii == NULL)
		return error_no_memory(err);
	sign_in->peer =
	    (struct curl_peer){.policy = {.host = host,
				   .host_ascii = sign_in->host_ascii,
				   .trust_file =
				       account->text[SETTING_TLS_TRUST_FILE],
				   .fingerprint =
				       account->list[SETTING_TLS_FINGERPRINT]
					   .element,
				   .fingerprint_count =
				       account->list[SETTING_TLS_FINGERPRINT]
					   .count,
				   .check_strength = true,
				   .trust_setting = "--tls-trust-file",
				   .fingerprint_setting = "--tls-fingerprint"},
		.crl_file = account->text[SETTING_TLS_CRL_FILE],
		.priority = account->text[SETTING_TLS_PRIORITY],
		.priority_setting = "tls-priority"};
	return 0;
}

static int
pop_set_url(struct pop_sign_in *sign_in, struct error *err)
{
	const struct account *account = sign_in->account;
	const char *host = sign_in->host_ascii;
	bool is_ipv6 = strchr(host, ':') != NULL; /* RFC 3986 3.2.2 */
	char shown[512];
	char port[sizeof "65535"];

	snprintf(shown, sizeof shown, is_ipv6 ? "[%s]" : "%s", host);
	snprintf(port, sizeof port, "%u",
	    account_number(account, SETTING_POP_PORT));
	sign_in->url = curl_url();
	if (sign_in->url == NULL)
		return error_no_memory(err);
	if (curl_url_set(sign_in->url, CURLUPART_SCHEME,
		account_is(account, SETTING_POP_TLS, "starttls") ? "pop3"
								 : "pop3s",
		0) == CURLUE_OK &&
	    curl_url_set(sign_in->url, CURLUPART_HOST, shown, 0) == CURLUE_OK &&
	    curl_url_set(sign_in->url, CURLUPART_PORT, port, 0) == CURLUE_OK)
		return 0;
	return error_set(err, ERROR_CONFIG, "%s: not a host name", host);
}

static int
pop_prepare(struct pop_sign_in *sign_in, struct error *err)
{
	sign_in->handle = curl_handle_new("pop3,pop3s", err);
	if (sign_in->handle == NULL ||
	    curl_peer_prepare(sign_in->handle, &sign_in->peer, err) == -1)
		return -1;
	if (set_fixed_options(sign_in->handle) && set_account_options(sign_in))
		return 0;
	return error_set(err, ERROR_SYSTEM,
	    "libcurl cannot be configured for POP3");
}

/* Through a proxy, the server would admit the proxy and not this host. */
static bool
set_fixed_options(CURL *handle)
{
	return curl_easy_setopt(handle, CURLOPT_USE_SSL,
		   (long)CURLUSESSL_ALL) == CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L) == CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_PROXY, "") == CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, "NOOP") == CURLE_OK;
}

static bool
set_account_options(struct pop_sign_in *sign_in)
{
	CURL *handle = sign_in->handle;

	return curl_easy_setopt(handle, CURLOPT_CURLU, sign_in->url) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_USERNAME,
		sign_in->account->text[SETTING_USER]) == CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_PASSWORD,
		secret_bytes(sign_in->password)) == CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, sign_in->text) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, pop_on_line) ==
	    CURLE_OK &&
	    curl_easy_setopt(handle, CURLOPT_HEADERDATA, sign_in) == CURLE_OK;
}

static int
pop_perform(struct pop_sign_in *sign_in, struct error *err)
{
	CURLcode failure = pop_attempt(sign_in);

	if (failure == CURLE_AUTH_ERROR && allow_plain_only(sign_in))
		failure = pop_attempt(sign_in);
	if (sign_in->failure.code != ERROR_NONE) {
		*err = sign_in->failure;
		return -1;
	}
	if (failure != CURLE_OK)
		return pop_explain(sign_in, failure, err);
	if (sign_in->is_checked ||
	    curl_peer_verifier() == CURL_PEER_VERIFIER_LIBCURL)
		return 0;
	return error_set(err, ERROR_SECURITY,
	    "%s: libcurl gives no access to the certificate",
	    sign_in->peer.policy.host);
}

static CURLcode
pop_attempt(struct pop_sign_in *sign_in)
{
	sign_in->lines_len = 0;
	sign_in->is_checked = false;
	buf_clear(&sign_in->refusal);
	if (!curl_handle_set_deadline(sign_in->handle, sign_in->deadline_ms))
		return CURLE_OUT_OF_MEMORY;
	return curl_easy_perform(sign_in->handle);
}

/*
 * libcurl (7.88, 2026) chooses GSSAPI if the server offers it and the user is
 * "name@domain", and gives up without a ticket.
 */
static bool
allow_plain_only(struct pop_sign_in *sign_in)
{
	return curl_easy_setopt(sign_in->handle, CURLOPT_LOGIN_OPTIONS,
		   "AUTH=PLAIN;AUTH=LOGIN") == CURLE_OK;
}

/*
 * libcurl calls this with every line of the server before it acts on it. The
 * first line through TLS is the greeting or, after STLS, a capability; the
 * password has not been sent by then.
 */
static size_t
pop_on_line(char *bytes, size_t one, size_t len, void *data)
{
	struct pop_sign_in *sign_in = data;

	(void)one; /* it is 1 */
	if (len > LINES_MAX - sign_in->lines_len) {
		error_set(&sign_in->failure, ERROR_TEMPORARY,
		    "%s: the answer is longer than 64 KiB",
		    sign_in->peer.policy.host);
		return 0;
	}
	if (sign_in->lines_len == 0 && bytes[0] != '+' && bytes[0] != '-') {
		error_set(&sign_in->failure, ERROR_TEMPORARY,
		    "%s: the answer isn't POP3", sign_in->peer.policy.host);
		return 0;
	}
	sign_in->lines_len += len;
	if (!sign_in->is_checked && curl_peer_has_session(sign_in->handle)) {
		if (curl_peer_check(sign_in->handle, &sign_in->peer,
			&sign_in->failure) == -1)
			return 0;
		sign_in->is_checked = true;
	}
	pop_keep_refusal(sign_in, bytes, len);
	return len;
}

/* Keeps the text of a "-ERR" line, without what it quotes of the sign-in. */
static void
pop_keep_refusal(struct pop_sign_in *sign_in, const char *line, size_t len)
{
	static const char mark[] = "-ERR";
	size_t mark_len = strlen(mark);
	struct error ignored;

	if (len < mark_len || memcmp(line, mark, mark_len) != 0)
		return;
	buf_clear(&sign_in->refusal);
	while (len > mark_len && strchr(" \r\n", line[len - 1]) != NULL)
		len--;
	while (mark_len < len && line[mark_len] == ' ')
		mark_len++;
	if (buf_add(&sign_in->refusal, line + mark_len, len - mark_len,
		&ignored) == 0)
		redaction_apply(&sign_in->redaction, &sign_in->refusal,
		    REDACTION_TEXT, &ignored);
}

static int
pop_explain(struct pop_sign_in *sign_in, CURLcode failure, struct error *err)
{
	const char *host = sign_in->peer.policy.host;
	const char *refusal = buf_text(&sign_in->refusal);

	if (failure == CURLE_LOGIN_DENIED)
		return pop_explain_refusal(sign_in, err);
	if (failure == CURLE_USE_SSL_FAILED) {
		error_set(err, ERROR_SECURITY,
		    "%s port %u: the server offers no STLS", host,
		    account_number(sign_in->account, SETTING_POP_PORT));
		return error_hint(err,
		    "nothing was sent in clear text; try --pop-tls=implicit");
	}
	if (*refusal != '\0')
		return error_set(err, ERROR_TEMPORARY,
		    "%s: POP3 is not available: %s", host, refusal);
	if (failure == CURLE_WEIRD_SERVER_REPLY ||
	    failure == CURLE_UNSUPPORTED_PROTOCOL)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: the answer isn't POP3", host);
	return curl_failure_explain(sign_in->handle, failure, sign_in->text,
	    &sign_in->peer, err);
}

static int
pop_explain_refusal(const struct pop_sign_in *sign_in, struct error *err)
{
	const char *host = sign_in->peer.policy.host;
	const char *refusal = buf_text(&sign_in->refusal);

	if (asks_for_patience(refusal))
		return error_set(err, ERROR_TEMPORARY,
		    "%s: the POP3 server asks to try later: %s", host, refusal);
	error_set(err, ERROR_AUTH, "%s: %s can't sign in by POP3%s%s", host,
	    sign_in->account->text[SETTING_USER], *refusal != '\0' ? ": " : "",
	    refusal);
	return error_hint(err,
	    "check user and password; some providers require POP to be enabled "
	    "in their settings");
}

static bool
asks_for_patience(const char *refusal)
{
	for (size_t i = 0; i < sizeof patience / sizeof *patience; i++) {
		if (text_has_prefix(refusal, patience[i]))
			return true;
	}
	return false;
}
