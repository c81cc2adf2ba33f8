/* SPDX-License-Identifier: MIT */
/*
 * pop: signs in by POP3 and out again, for a server that accepts mail from an
 * address that has just signed in. The question has the password, because it
 * need not come from the vault.
 */
#include "online/operations.h"

#include <stdbool.h>
#include <string.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/text.h"
#include "online/mail-failure.h"
#include "online/mail-session.h"

enum {
	LINES_MAX = 65536, /* bytes of all lines of a server */
	REFUSAL_MAX = 512  /* bytes of a line; RFC 2449 4. */
};

static const struct mail_place place = {.name = "POP3",
    .protocols = "pop3,pop3s",
    .scheme = {"pop3", "pop3s"},
    .host = SETTING_POP_HOST,
    .port = SETTING_POP_PORT,
    .tls = SETTING_POP_TLS,
    .lines_max = LINES_MAX,
    .begin = "+-"};

struct pop_sign_in {
	struct mail_session session;
	struct buf refusal; /* the text after the last "-ERR" */
};

/* Codes in brackets that ask for patience (RFC 2449 8.1, RFC 3206 4.). */
static const char *const patience[] = {"[SYS/TEMP]", "[IN-USE]",
    "[LOGIN-DELAY]"};

static int pop_run(struct pop_sign_in *sign_in, struct error *err);
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
	struct pop_sign_in sign_in = {
	    .session = {.place = &place,
		.account = request->account,
		.secret = request->question->password}};
	int result;

	if (sign_in.session.secret == NULL)
		return error_set(err, ERROR_DATA,
		    "pop: the request has no password");
	buf_init(&sign_in.refusal, REFUSAL_MAX);
	result =
	    mail_session_open(&sign_in.session, pop_on_line, &sign_in, err);
	if (result == 0)
		result = pop_run(&sign_in, err);
	mail_session_close(&sign_in.session);
	buf_done(&sign_in.refusal);
	return result;
}

static int
pop_run(struct pop_sign_in *sign_in, struct error *err)
{
	CURL *handle = sign_in->session.handle;
	CURLcode failure;

	if (curl_easy_setopt(handle, CURLOPT_NOBODY, 1L) != CURLE_OK ||
	    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, "NOOP") != CURLE_OK)
		return error_no_memory(err);
	if (mail_session_perform(&sign_in->session, &failure, err) == 0)
		return 0;
	return failure == CURLE_OK ? -1 : pop_explain(sign_in, failure, err);
}

static size_t
pop_on_line(char *bytes, size_t one, size_t len, void *data)
{
	struct pop_sign_in *sign_in = data;

	(void)one; /* it is 1 */
	if (sign_in->session.lines_len == 0)
		buf_clear(&sign_in->refusal); /* of an earlier attempt */
	if (!mail_session_line(&sign_in->session, bytes, len))
		return 0;
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
		redaction_apply(&sign_in->session.redaction, &sign_in->refusal,
		    REDACTION_TEXT, &ignored);
}

static int
pop_explain(struct pop_sign_in *sign_in, CURLcode failure, struct error *err)
{
	const char *refusal = buf_text(&sign_in->refusal);

	if (failure == CURLE_LOGIN_DENIED)
		return pop_explain_refusal(sign_in, err);
	if (failure != CURLE_USE_SSL_FAILED && *refusal != '\0')
		return error_set(err, ERROR_TEMPORARY,
		    "%s: POP3 is not available: %s",
		    sign_in->session.peer.policy.host, refusal);
	return mail_failure_explain(&sign_in->session, failure, err);
}

static int
pop_explain_refusal(const struct pop_sign_in *sign_in, struct error *err)
{
	const char *host = sign_in->session.peer.policy.host;
	const char *refusal = buf_text(&sign_in->refusal);

	if (asks_for_patience(refusal))
		return error_set(err, ERROR_TEMPORARY,
		    "%s: the POP3 server asks to try later: %s", host, refusal);
	error_set(err, ERROR_AUTH, "%s: %s can't sign in by POP3%s%s", host,
	    sign_in->session.account->text[SETTING_USER],
	    *refusal != '\0' ? ": " : "", refusal);
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
