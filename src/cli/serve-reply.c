/* SPDX-License-Identifier: MIT */
/*
 * Turns errors into replies.
 */
#include "cli/serve-reply.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "submit/setting-hint.h"

struct error_reply {
	int code;
	const char *enhanced;
};

/* An ambiguous outcome is permanent for the client: after 4xx it would send the
 * message again by itself, although the server may have it. */
static const struct error_reply error_replies[ERROR_CODE_COUNT] = {
    [ERROR_NONE] = {250, "2.0.0"},
    [ERROR_QUEUED] = {250, "2.0.0"},
    [ERROR_USAGE] = {501, "5.5.4"},
    [ERROR_DATA] = {554, "5.6.0"},
    [ERROR_INPUT] = {451, "4.3.0"},
    [ERROR_NO_USER] = {550, "5.1.1"},
    [ERROR_NO_HOST] = {554, "5.4.4"},
    [ERROR_REFUSED] = {554, "5.0.0"},
    [ERROR_BUG] = {554, "5.3.0"},
    [ERROR_SYSTEM] = {451, "4.3.0"},
    [ERROR_CREATE] = {451, "4.3.1"},
    [ERROR_IO] = {451, "4.3.1"},
    [ERROR_LATER] = {451, "4.7.0"},
    [ERROR_TEMPORARY] = {451, "4.4.1"},
    [ERROR_PROTOCOL] = {451, "4.5.0"},
    [ERROR_AMBIGUOUS] = {554, "5.4.2"},
    [ERROR_KEYRING] = {454, "4.7.0"},
    [ERROR_SECURITY] = {554, "5.7.5"},
    [ERROR_AUTH] = {535, "5.7.8"},
    [ERROR_CONFIG] = {554, "5.3.5"},
};

void
serve_reply_explain(struct server_reply *reply, const struct error *err)
{
	const struct error_reply *row = &error_replies[err->code];
	struct error shown = *err;
	char class_digit = (char)('0' + row->code / 100);
	const char *enhanced = err->enhanced_code[0] == class_digit
	    ? err->enhanced_code
	    : row->enhanced;

	assert(err->code < ERROR_CODE_COUNT);
	setting_hint_add(&shown);
	server_reply_set(reply, row->code, enhanced, "%s%s%s%s%s%s",
	    err->message, err->cause != NULL ? " (" : "",
	    err->cause != NULL ? err->cause : "", err->cause != NULL ? ")" : "",
	    shown.hint[0] != '\0' ? "\n" : "", shown.hint);
}

bool
serve_reply_excuse(struct server_reply *reply, const struct error *err)
{
	if (err->code != ERROR_AUTH && err->code != ERROR_CONFIG &&
	    err->code != ERROR_KEYRING && err->code != ERROR_CREATE)
		return false;
	server_reply_set(reply, 451, "4.3.5",
	    "the mail service of this computer cannot send: %s%s%s%s",
	    err->message, err->cause != NULL ? " (" : "",
	    err->cause != NULL ? err->cause : "",
	    err->cause != NULL ? ")" : "");
	return true;
}

void
serve_reply_pass_on(struct server_reply *reply, const struct error *err)
{
	const char *enhanced = err->reply_code < 500 ? "4.0.0" : "5.0.0";
	/* The server ends its session; ours goes on. */
	int code = err->reply_code == 421 ? 451 : err->reply_code;

	if (err->code == ERROR_AMBIGUOUS || err->reply_code < 400 ||
	    err->reply_offset == 0) {
		serve_reply_explain(reply, err);
		return;
	}
	server_reply_set(reply, code,
	    err->enhanced_code[0] != '\0' ? err->enhanced_code : enhanced, "%s",
	    err->message + err->reply_offset);
}

void
serve_reply_too_large(struct server_reply *reply, uint64_t max)
{
	server_reply_set(reply, 552, "5.3.4",
	    "the message is too large: the server accepts at most %llu bytes",
	    (unsigned long long)max);
}

void
serve_reply_address(struct server_reply *reply, const char *enhanced,
    const struct error *err)
{
	serve_reply_explain(reply, err);
	if (err->code != ERROR_DATA && err->code != ERROR_USAGE)
		return;
	reply->code = 553;
	snprintf(reply->enhanced, sizeof reply->enhanced, "%s", enhanced);
}
