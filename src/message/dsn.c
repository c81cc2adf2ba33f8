/* SPDX-License-Identifier: MIT */
/*
 * Converts the arguments of -N, -R and -V to SMTP parameters (RFC 3461).
 */
#include "message/dsn.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

enum {
	NOTIFY_MAX = 32,
	ENVELOPE_ID_MAX = 100 /* RFC 3461 4.4 */
};

static const char *const notify_words[] = {"SUCCESS", "FAILURE", "DELAY"};
static const char *const return_words[] = {"FULL", "HDRS"};

enum {
	NOTIFY_WORD_COUNT = 3,
	RETURN_WORD_COUNT = 2
};

static int find_word(const char *const words[], int count, const char *text,
    size_t len);
static int add_xtext(struct buf *out, char c, struct error *err);

char *
dsn_notify(const char *text, struct error *err)
{
	bool wanted[NOTIFY_WORD_COUNT] = {false};
	struct buf out;
	char *notify = NULL;

	if (text_equals(text, "never"))
		return text_format(err, "%s", "NEVER");
	for (const char *at = text;; at++) {
		size_t len = strcspn(at, ",");
		int word = find_word(notify_words, NOTIFY_WORD_COUNT, at, len);

		if (word == -1) {
			error_set(err, ERROR_USAGE,
			    "-N \"%s\": unknown delivery status", text);
			error_hint(err,
			    "use \"never\", or any of "
			    "\"success,failure,delay\"");
			return NULL;
		}
		wanted[word] = true;
		at += len;
		if (*at == '\0')
			break;
	}
	buf_init(&out, NOTIFY_MAX);
	for (int i = 0; i < NOTIFY_WORD_COUNT; i++) {
		if (wanted[i] &&
		    buf_addf(&out, err, "%s%s", out.len > 0 ? "," : "",
			notify_words[i]) == -1)
			goto out;
	}
	notify = text_format(err, "%s", buf_text(&out));
out:
	buf_done(&out);
	return notify;
}

char *
dsn_return(const char *text, struct error *err)
{
	int word =
	    find_word(return_words, RETURN_WORD_COUNT, text, strlen(text));

	if (word != -1)
		return text_format(err, "%s", return_words[word]);
	error_set(err, ERROR_USAGE, "-R \"%s\": must be \"full\" or \"hdrs\"",
	    text);
	return NULL;
}

char *
dsn_envelope_id(const char *text, struct error *err)
{
	struct buf out;
	char *envelope_id = NULL;

	buf_init(&out, (size_t)3 * ENVELOPE_ID_MAX);
	if (*text == '\0' || strlen(text) > ENVELOPE_ID_MAX) {
		error_set(err, ERROR_USAGE,
		    "-V: the envelope ID must have 1 to %d bytes",
		    ENVELOPE_ID_MAX);
		goto out;
	}
	for (const char *at = text; *at != '\0'; at++) {
		if (*at < ' ' || *at >= 0x7F) {
			error_set(err, ERROR_USAGE,
			    "-V \"%s\": must be printable ASCII", text);
			goto out;
		}
		if (add_xtext(&out, *at, err) == -1)
			goto out;
	}
	if (out.len > ENVELOPE_ID_MAX) {
		error_set(err, ERROR_USAGE,
		    "-V \"%s\": longer than %d bytes as xtext", text,
		    ENVELOPE_ID_MAX);
		goto out;
	}
	envelope_id = text_format(err, "%s", buf_text(&out));
out:
	buf_done(&out);
	return envelope_id;
}

static int
find_word(const char *const words[], int count, const char *text, size_t len)
{
	for (int i = 0; i < count; i++) {
		if (text_is(text, len, words[i]))
			return i;
	}
	return -1;
}

/* Encodes "+", "=" and white space as +XX (RFC 3461 section 4). */
static int
add_xtext(struct buf *out, char c, struct error *err)
{
	if (c == '+' || c == '=' || c == ' ')
		return buf_addf(out, err, "+%02X", (unsigned)c);
	return buf_add(out, &c, 1, err);
}
