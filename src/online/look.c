/* SPDX-License-Identifier: MIT */
/*
 * look: asks an IMAP server whether the mailbox of sent mail has a message. The
 * mailbox is opened for reading only. A copy that a mail server has filed has
 * Received fields, which one that a mail program has put there lacks.
 */
#include "online/operations.h"

#include <stdbool.h>
#include <string.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/text.h"
#include "online/look-answer.h"
#include "online/mail-failure.h"
#include "online/mail-session.h"
#include "online/mailbox-name.h"

enum {
	ANSWER_MAX = 1048576, /* bytes of the lines of one command */
	COMMAND_MAX = 8192,
	NAME_SIZE = 1024,
	SHOWN_SIZE = 256
};

static const struct mail_place place = {.name = "IMAP",
    .protocols = "imap,imaps",
    .scheme = {"imap", "imaps"},
    .host = SETTING_IMAP_HOST,
    .port = SETTING_IMAP_PORT,
    .tls = SETTING_IMAP_TLS,
    .lines_max = ANSWER_MAX,
    .begin = "*+ABCDEFGHIJKLMNOPQRSTUVWXYZ"};

struct look {
	struct mail_session session;
	const char *message_id;
	struct buf answer; /* the lines of a command */
	struct buf mailbox;
};

static int look_check(const struct look *look, struct error *err);
static int look_run(struct look *look, const char **ret_found,
    struct error *err);
static int look_find_mailbox(struct look *look, struct error *err);
static int look_list(struct look *look, const char *command, struct error *err);
static int look_open_mailbox(struct look *look, struct error *err);
static int look_search(struct look *look, struct buf *set, struct error *err);
static int look_at_headers(struct look *look, const struct buf *set,
    bool *ret_accepted, struct error *err);
static int look_must(struct look *look, const char *command, struct error *err);
static int look_add_id(const struct look *look, struct buf *command,
    struct error *err);
static int look_command(struct look *look, const char *command,
    bool *ret_refused, struct error *err);
static size_t look_on_line(char *bytes, size_t one, size_t len, void *data);
static size_t look_on_body(const char *bytes, size_t one, size_t len,
    void *data);
static int look_explain(struct look *look, CURLcode failure, struct error *err);
static int look_explain_refusal(struct look *look, struct error *err);
static const char *look_refusal(struct look *look, char out[SHOWN_SIZE]);
static int look_answer(const struct look *look, const char *found, int fd,
    struct error *err);
static void look_show_mailbox(const struct look *look, char out[SHOWN_SIZE]);

int
operation_look(const struct operation_request *request, struct error *err)
{
	struct look look = {.session = {.place = &place,
				.account = request->account,
				.secret = request->question->password,
				.is_token = request->account->uses_oauth2},
	    .message_id = request->question->value[CREDENTIAL_MESSAGE_ID]};
	const char *found;
	int result = -1;

	buf_init(&look.answer, ANSWER_MAX);
	buf_init(&look.mailbox, NAME_SIZE);
	if (look_check(&look, err) == 0 &&
	    mail_session_open(&look.session, look_on_line, &look, err) == 0 &&
	    look_run(&look, &found, err) == 0)
		result = look_answer(&look, found, request->answer_fd, err);
	mail_session_close(&look.session);
	buf_done(&look.mailbox);
	buf_done(&look.answer);
	return result;
}

static int
look_check(const struct look *look, struct error *err)
{
	const struct account *account = look->session.account;

	if (look->session.secret == NULL || look->message_id == NULL ||
	    *look->message_id == '\0')
		return error_set(err, ERROR_DATA,
		    "look: the request has no password or no message_id");
	if (account->text[SETTING_IMAP_HOST] != NULL &&
	    account->text[SETTING_USER] != NULL)
		return 0;
	error_set(err, ERROR_CONFIG, "%s: imap-host isn't set",
	    account_label(account));
	return error_hint(err, "set imap-host in the account");
}

static int
look_run(struct look *look, const char **ret_found, struct error *err)
{
	struct buf set;
	bool is_accepted = false;
	int result = -1;

	buf_init(&set, COMMAND_MAX);
	if (curl_easy_setopt(look->session.handle, CURLOPT_WRITEFUNCTION,
		look_on_body) != CURLE_OK)
		error_no_memory(err);
	else if (look_find_mailbox(look, err) == 0 &&
	    look_open_mailbox(look, err) == 0 &&
	    look_search(look, &set, err) == 0)
		result = set.len > 0
		    ? look_at_headers(look, &set, &is_accepted, err)
		    : 0;
	if (result == 0)
		*ret_found = is_accepted ? "accepted"
		    : set.len > 0        ? "copy"
					 : "nothing";
	buf_done(&set);
	return result;
}

/* Some servers name the attributes only when asked to (RFC 6154 2). */
static int
look_find_mailbox(struct look *look, struct error *err)
{
	const char *set = look->session.account->text[SETTING_SENT_MAILBOX];

	if (set != NULL)
		return mailbox_name_encode(set, &look->mailbox, err);
	if (look_list(look, "LIST \"\" \"*\" RETURN (SPECIAL-USE)", err) ==
		-1 ||
	    (look->mailbox.len == 0 &&
		look_list(look, "LIST \"\" \"*\"", err) == -1))
		return -1;
	if (look->mailbox.len > 0)
		return 0;
	error_set(err, ERROR_CONFIG,
	    "%s: the server doesn't name the mailbox of sent mail",
	    look->session.peer.policy.host);
	return error_hint(err, "set sent-mailbox in the account");
}

/* A refusal is no failure: the server may lack an extension. */
static int
look_list(struct look *look, const char *command, struct error *err)
{
	bool is_refused = false;

	if (look_command(look, command, &is_refused, err) == -1)
		return -1;
	return is_refused ? 0
			  : look_answer_sent_mailbox(buf_text(&look->answer),
				&look->mailbox, err);
}

/* EXAMINE, not SELECT: nothing changes. */
static int
look_open_mailbox(struct look *look, struct error *err)
{
	bool is_set = look->session.account->text[SETTING_SENT_MAILBOX] != NULL;
	char shown[SHOWN_SIZE];
	struct buf command;
	int result = -1;

	buf_init(&command, COMMAND_MAX);
	if (buf_add_text(&command, "EXAMINE ", err) == 0 &&
	    look_answer_quote(&command, buf_text(&look->mailbox), err) == 0)
		result = look_must(look, buf_text(&command), err);
	if (result == -1 && err->code == ERROR_REFUSED) {
		look_show_mailbox(look, shown);
		error_prefix(err, "the mailbox %s can't be opened", shown);
		err->code = is_set ? ERROR_CONFIG : ERROR_REFUSED;
		error_hint(err, "%s sent-mailbox in the account",
		    is_set ? "check" : "set");
	}
	buf_done(&command);
	return result;
}

static int
look_search(struct look *look, struct buf *set, struct error *err)
{
	struct buf command;
	int result = -1;

	buf_init(&command, COMMAND_MAX);
	if (buf_add_text(&command, "SEARCH ", err) == 0 &&
	    look_add_id(look, &command, err) == 0 &&
	    look_must(look, buf_text(&command), err) == 0)
		result = look_answer_found(buf_text(&look->answer), set, err);
	buf_done(&command);
	return result;
}

static int
look_at_headers(struct look *look, const struct buf *set, bool *ret_accepted,
    struct error *err)
{
	struct buf command;
	int result = -1;

	buf_init(&command, COMMAND_MAX);
	if (buf_addf(&command, err,
		"FETCH %s BODY.PEEK[HEADER.FIELDS (RECEIVED)]",
		buf_text(set)) == 0)
		result = look_must(look, buf_text(&command), err);
	if (result == 0)
		*ret_accepted =
		    look_answer_has_received(buf_text(&look->answer));
	buf_done(&command);
	return result;
}

/* ERROR_REFUSED: the server refuses the command. */
static int
look_must(struct look *look, const char *command, struct error *err)
{
	char refusal[SHOWN_SIZE];
	bool is_refused = false;

	if (look_command(look, command, &is_refused, err) == -1)
		return -1;
	return is_refused
	    ? error_set(err, ERROR_REFUSED, "%s: %s",
		  look->session.peer.policy.host, look_refusal(look, refusal))
	    : 0;
}

/* A provider that replaces the Message-ID may keep it in another field. */
static int
look_add_id(const struct look *look, struct buf *command, struct error *err)
{
	const struct provider *provider = look->session.account->provider;
	const char *other =
	    provider != NULL ? provider->text[PROVIDER_ORIGINAL_ID] : NULL;

	if (other != NULL &&
	    (buf_addf(command, err, "OR HEADER %s ", other) == -1 ||
		look_answer_quote(command, look->message_id, err) == -1 ||
		buf_add_text(command, " ", err) == -1))
		return -1;
	if (buf_add_text(command, "HEADER Message-ID ", err) == -1)
		return -1;
	return look_answer_quote(command, look->message_id, err);
}

/* All commands but the first use its connection. */
static int
look_command(struct look *look, const char *command, bool *ret_refused,
    struct error *err)
{
	struct mail_session *session = &look->session;
	CURLcode failure;

	buf_clear(&look->answer);
	if (curl_easy_setopt(session->handle, CURLOPT_CUSTOMREQUEST, command) !=
	    CURLE_OK)
		return error_no_memory(err);
	*ret_refused = false;
	if (mail_session_perform(session, &failure, err) == -1) {
		if (failure != CURLE_QUOTE_ERROR)
			return failure == CURLE_OK
			    ? -1
			    : look_explain(look, failure, err);
		*ret_refused = true;
	}
	if (curl_easy_setopt(session->handle, CURLOPT_FRESH_CONNECT, 0L) !=
	    CURLE_OK)
		return error_no_memory(err);
	return 0;
}

static size_t
look_on_line(char *bytes, size_t one, size_t len, void *data)
{
	struct look *look = data;

	(void)one; /* it is 1 */
	if (look->session.lines_len == 0)
		buf_clear(&look->answer); /* of an earlier attempt */
	if (!mail_session_line(&look->session, bytes, len) ||
	    buf_add(&look->answer, bytes, len, &look->session.failure) == -1)
		return 0;
	return len;
}

/* The lines are complete in look->answer. */
static size_t
look_on_body(const char *bytes, size_t one, size_t len, void *data)
{
	(void)bytes;
	(void)data;
	return one * len;
}

static int
look_explain(struct look *look, CURLcode failure, struct error *err)
{
	if (failure == CURLE_LOGIN_DENIED || failure == CURLE_AUTH_ERROR)
		return look_explain_refusal(look, err);
	return mail_failure_explain(&look->session, failure, err);
}

static int
look_explain_refusal(struct look *look, struct error *err)
{
	const struct account *account = look->session.account;
	const char *scope = account->provider != NULL
	    ? account->provider->text[PROVIDER_IMAP_SCOPE]
	    : NULL;
	char refusal[SHOWN_SIZE];

	look_refusal(look, refusal);
	error_set(err, ERROR_AUTH, "%s: %s can't sign in by IMAP%s%s",
	    look->session.peer.policy.host, account->text[SETTING_USER],
	    *refusal != '\0' ? ": " : "", refusal);
	if (!look->session.is_token)
		return error_hint(err,
		    "check user and password; some providers require IMAP to "
		    "be enabled in their settings");
	if (scope == NULL)
		return error_hint(err,
		    "the token may be for SMTP only: add the scope for IMAP to "
		    "scope, and sign in again");
	return error_hint(err,
	    "the token may be for SMTP only: add %s to scope, and sign in "
	    "again",
	    scope);
}

/* The text of the last refusal, without what it quotes of the sign-in. After
 * one, libcurl ends the session. */
static const char *
look_refusal(struct look *look, char out[SHOWN_SIZE])
{
	const char *refusal = look_answer_refusal(buf_text(&look->answer));
	struct buf line;
	struct error ignored;

	buf_init(&line, ANSWER_MAX);
	out[0] = '\0';
	if (buf_add(&line, refusal, strcspn(refusal, "\r\n"), &ignored) == 0 &&
	    redaction_apply(&look->session.redaction, &line, REDACTION_TEXT,
		&ignored) == 0)
		text_printable(out, SHOWN_SIZE, buf_text(&line), line.len);
	buf_done(&line);
	return out;
}

static int
look_answer(const struct look *look, const char *found, int fd,
    struct error *err)
{
	char mailbox[SHOWN_SIZE];
	const struct credential_message answer = {
	    .value =
		{[CREDENTIAL_FOUND] = found, [CREDENTIAL_MAILBOX] = mailbox}};

	look_show_mailbox(look, mailbox);
	return credential_message_write(&answer, fd, err);
}

static void
look_show_mailbox(const struct look *look, char out[SHOWN_SIZE])
{
	const struct buf *name = &look->mailbox;
	struct buf text;

	buf_init(&text, 2 * NAME_SIZE);
	if (mailbox_name_decode(buf_text(name), &text))
		name = &text;
	text_printable(out, SHOWN_SIZE, buf_text(name), name->len);
	buf_done(&text);
}
