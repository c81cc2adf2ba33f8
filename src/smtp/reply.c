/* SPDX-License-Identifier: MIT */
/*
 * Reads and parses replies. Trusts nothing that a server sends: the number of
 * lines and their length are limited. Does not know which command a reply
 * belongs to.
 */
#include "smtp/reply.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum {
	CODE_LEN = 4, /* with the space or hyphen after it */
	CODE_CHALLENGE = 334
};

static int reply_read_lines(struct smtp_reply *reply, struct wire *wire,
    int64_t deadline_ms, size_t *ret_count, struct error *err);
static int reply_parse_lines(struct smtp_reply *reply, const struct wire *wire,
    size_t count, struct error *err);
static void record_line(const struct wire *wire, const char *line, size_t len);
static int reply_too_long(const struct wire *wire, struct error *err);
static int reply_is_invalid(const struct wire *wire, const char *line,
    size_t len, struct error *err);
static int hide_challenge(struct smtp_reply *reply, struct error *err);
static int parse_code(const char *line, size_t len);
static const char *skip_enhanced(const char *text, size_t len, int class,
    char ret_enhanced[ERROR_ENHANCED_SIZE]);
static size_t digit_count(const char *text, size_t len, size_t from);
static enum error_code reply_error_code(const struct smtp_reply *reply);

void
smtp_reply_init(struct smtp_reply *reply)
{
	memset(reply, 0, sizeof *reply);
	buf_init(&reply->text, REPLY_TEXT_MAX);
	buf_init(&reply->challenge, REPLY_TEXT_MAX);
	buf_init(&reply->lines, REPLY_TEXT_MAX);
}

void
smtp_reply_done(struct smtp_reply *reply)
{
	buf_done(&reply->text);
	buf_done(&reply->challenge);
	buf_done(&reply->lines);
}

void
smtp_reply_clear(struct smtp_reply *reply)
{
	reply->code = 0;
	reply->enhanced[0] = '\0';
	buf_clear(&reply->text);
	buf_clear(&reply->challenge);
	buf_clear(&reply->lines);
}

int
smtp_reply_read(struct smtp_reply *reply, struct wire *wire,
    int64_t deadline_ms, struct error *err)
{
	struct error failure;
	bool is_challenge;
	size_t count;
	int result;

	smtp_reply_clear(reply);
	result = reply_read_lines(reply, wire, deadline_ms, &count, &failure);
	is_challenge = reply->code == CODE_CHALLENGE;
	reply->code = 0;
	if (!is_challenge &&
	    wire_redact(wire, &reply->lines, REDACTION_REPLY, err) == -1)
		return -1;
	if (reply_parse_lines(reply, wire, count, err) == -1)
		return -1;
	if (result == -1) {
		*err = failure;
		return -1;
	}
	return is_challenge ? hide_challenge(reply, err) : 0;
}

int
smtp_reply_add_line(struct smtp_reply *reply, const char *line, size_t len,
    bool *ret_is_last, struct error *err)
{
	char enhanced[ERROR_ENHANCED_SIZE] = "";
	int code = parse_code(line, len);
	const char *text = line + (len > 4 ? 4 : len);
	const char *end = line + len;

	if (code == 0 || (reply->code != 0 && code != reply->code) ||
	    memchr(line, '\0', len) != NULL)
		return error_set(err, ERROR_TEMPORARY, "not an SMTP reply");
	text = skip_enhanced(text, (size_t)(end - text), code / 100, enhanced);
	if ((reply->code != 0 && buf_add(&reply->text, "\n", 1, err) == -1) ||
	    buf_add(&reply->text, text, (size_t)(end - text), err) == -1)
		return err->code == ERROR_DATA
		    ? error_set(err, ERROR_TEMPORARY, "too long a reply")
		    : -1;
	if (reply->enhanced[0] == '\0')
		memcpy(reply->enhanced, enhanced, sizeof enhanced);
	reply->code = code;
	*ret_is_last = len < 4 || line[3] == ' ';
	return 0;
}

int
smtp_reply_class(const struct smtp_reply *reply)
{
	return reply->code / 100;
}

int
smtp_reply_fail(const struct smtp_reply *reply, const char *peer,
    const char *doing, struct error *err)
{
	bool refused = smtp_reply_class(reply) >= 4;
	size_t len;

	error_set(err, reply_error_code(reply), "%s: %s %s: %d%s%s ", peer,
	    refused ? "refused" : "unexpected reply to", doing, reply->code,
	    reply->enhanced[0] != '\0' ? " " : "", reply->enhanced);
	len = strlen(err->message);
	err->reply_offset = len;
	text_printable(err->message + len, sizeof err->message - len,
	    buf_text(&reply->text), reply->text.len);
	err->reply_code = reply->code;
	memcpy(err->enhanced_code, reply->enhanced, sizeof err->enhanced_code);
	return -1;
}

/*
 * Reads lines up to the last of the reply, or the first that can't belong to
 * it. Sets the code if they are a reply, else 0. *ret_count is set to the
 * number of lines, on failure too.
 */
static int
reply_read_lines(struct smtp_reply *reply, struct wire *wire,
    int64_t deadline_ms, size_t *ret_count, struct error *err)
{
	bool is_last = false;

	for (*ret_count = 0; !is_last; ++*ret_count) {
		const char *line;
		size_t len;
		int code;

		if (*ret_count == REPLY_LINES_MAX)
			return error_set(err, ERROR_TEMPORARY,
			    "%s: sent a reply of more than %d lines",
			    wire_peer(wire), REPLY_LINES_MAX);
		if (wire_read_line(wire, deadline_ms, &line, &len, err) == -1)
			return -1;
		if ((*ret_count > 0 &&
			buf_add(&reply->lines, "\n", 1, err) == -1) ||
		    buf_add(&reply->lines, line, len, err) == -1)
			return reply_too_long(wire, err);
		code = parse_code(line, len);
		is_last = len < 4 || line[3] == ' ';
		if (code == 0 || (*ret_count > 0 && code != reply->code) ||
		    memchr(line, '\0', len) != NULL) {
			is_last = true;
			code = 0;
		}
		reply->code = code;
	}
	return 0;
}

/* Fills in the reply from its lines, and records them in the transcript. */
static int
reply_parse_lines(struct smtp_reply *reply, const struct wire *wire,
    size_t count, struct error *err)
{
	const char *line = buf_text(&reply->lines);
	const char *end = line + reply->lines.len;
	bool is_last;

	for (size_t i = 0; i < count; i++) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t len = (size_t)((newline != NULL ? newline : end) - line);

		record_line(wire, line, len);
		if (smtp_reply_add_line(reply, line, len, &is_last, err) == -1)
			return reply_is_invalid(wire, line, len, err);
		line += len + 1;
	}
	return 0;
}

/* Only the length of a challenge is shown: with salts and nonces the password
 * could be guessed offline. */
static void
record_line(const struct wire *wire, const char *line, size_t len)
{
	char redacted[64];

	if (parse_code(line, len) != CODE_CHALLENGE || len < CODE_LEN) {
		wire_record(wire, line, len);
		return;
	}
	snprintf(redacted, sizeof redacted, "%.*s<redacted, %zu bytes>",
	    CODE_LEN, line, len - CODE_LEN);
	wire_record(wire, redacted, strlen(redacted));
}

static int
reply_too_long(const struct wire *wire, struct error *err)
{
	if (err->code != ERROR_DATA)
		return -1;
	return error_set(err, ERROR_TEMPORARY,
	    "%s: sent a reply of more than %d bytes", wire_peer(wire),
	    REPLY_TEXT_MAX);
}

static int
reply_is_invalid(const struct wire *wire, const char *line, size_t len,
    struct error *err)
{
	char printable[128];

	if (err->code != ERROR_TEMPORARY)
		return -1;
	text_printable(printable, sizeof printable, line, len);
	return error_set(err, ERROR_TEMPORARY,
	    "%s: sent a line that is not an SMTP reply: %s", wire_peer(wire),
	    printable);
}

static int
hide_challenge(struct smtp_reply *reply, struct error *err)
{
	struct buf text = reply->challenge;

	reply->challenge = reply->text;
	reply->text = text;
	return buf_addf(&reply->text, err, "<redacted, %zu bytes>",
	    reply->challenge.len);
}

/* Returns the reply code at the start of the line, or 0 if there is none. */
static int
parse_code(const char *line, size_t len)
{
	if (len < 3 || line[0] < '2' || line[0] > '5' ||
	    !isdigit((unsigned char)line[1]) ||
	    !isdigit((unsigned char)line[2]))
		return 0;
	if (len > 3 && line[3] != ' ' && line[3] != '-')
		return 0;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

/*
 * Returns the start of the text after an enhanced code, "class.subject.detail"
 * (RFC 2034 section 4: the class is the first digit of the reply code).
 */
static const char *
skip_enhanced(const char *text, size_t len, int class,
    char ret_enhanced[ERROR_ENHANCED_SIZE])
{
	size_t subject = digit_count(text, len, 2);
	size_t detail = digit_count(text, len, 3 + subject);
	size_t used = 3 + subject + detail;

	if (subject == 0 || detail == 0 || text[0] != '0' + class ||
	    text[1] != '.' || text[2 + subject] != '.' ||
	    (used < len && text[used] != ' '))
		return text;
	memcpy(ret_enhanced, text, used);
	ret_enhanced[used] = '\0';
	return used < len ? text + used + 1 : text + used;
}

/* Returns the number of digits at from, or 0 if there are more than three. */
static size_t
digit_count(const char *text, size_t len, size_t from)
{
	size_t count = 0;

	while (from + count < len && isdigit((unsigned char)text[from + count]))
		count++;
	return count <= 3 ? count : 0;
}

/* Returns the error code of a 5xx reply, by its enhanced code if it has one. */
static enum error_code
reply_error_code(const struct smtp_reply *reply)
{
	static const struct {
		const char *enhanced;
		enum error_code code;
	} meanings[] = {
	    {"5.1.1", ERROR_NO_USER},
	    {"5.1.2", ERROR_NO_HOST},
	    {"5.1.3", ERROR_DATA},
	    {"5.1.6", ERROR_NO_USER},
	    {"5.1.10", ERROR_NO_USER},
	    {"5.2.3", ERROR_DATA},
	    {"5.3.4", ERROR_DATA},
	    {"5.6.", ERROR_DATA},
	};

	if (smtp_reply_class(reply) != 5)
		return ERROR_TEMPORARY;
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
		const char *wanted = meanings[i].enhanced;
		bool is_prefix = wanted[strlen(wanted) - 1] == '.';

		if (is_prefix ? text_has_prefix(reply->enhanced, wanted)
			      : text_equals(reply->enhanced, wanted))
			return meanings[i].code;
	}
	return ERROR_REFUSED;
}
