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
#include "smtp/params.h"
#include "smtp/reply-text.h"

enum {
	CODE_LEN = 4, /* with the space or hyphen after it */
	CODE_CHALLENGE = 334,
	CODE_REFUSAL = 400,           /* and above */
	IGNORED_MAX = 4 * 1024 * 1024 /* bytes of a refusal */
};

static int reply_read_lines(struct smtp_reply *reply, struct wire *wire,
    int64_t deadline_ms, size_t *ret_count, struct error *err);
static bool reply_judge_line(struct smtp_reply *reply, size_t count,
    const char *line, size_t len);
static int reply_keep_line(struct smtp_reply *reply, size_t count,
    const char *line, size_t len, struct error *err);
static int reply_skip_rest(const struct smtp_reply *reply, struct wire *wire,
    int64_t deadline_ms, size_t *ignored, struct error *err);
static int reply_find_plain(struct smtp_reply *reply, struct wire *wire,
    size_t count, struct error *err);
static void reply_swap_plain(struct smtp_reply *reply);
static int reply_parse_lines(struct smtp_reply *reply, struct wire *wire,
    size_t count, bool is_recorded, struct error *err);
static void record_line(const struct transcript *transcript, const char *line,
    size_t len);
static int reply_too_long(const struct wire *wire, size_t count,
    struct error *err);
static int line_too_long(const struct wire *wire, struct error *err);
static int reply_is_invalid(const struct wire *wire, const char *line,
    size_t len, struct error *err);
static int hide_challenge(struct smtp_reply *reply, struct error *err);
static int parse_code(const char *line, size_t len);
static const char *skip_enhanced(const char *text, size_t len, int class,
    char ret_enhanced[ERROR_ENHANCED_SIZE]);
static size_t digit_count(const char *text, size_t len, size_t from);

void
smtp_reply_init(struct smtp_reply *reply)
{
	memset(reply, 0, sizeof *reply);
	buf_init(&reply->text, REPLY_TEXT_MAX);
	buf_init(&reply->challenge, REPLY_TEXT_MAX);
	buf_init(&reply->lines, REPLY_TEXT_MAX);
	buf_init(&reply->plain, REPLY_TEXT_MAX);
}

void
smtp_reply_done(struct smtp_reply *reply)
{
	buf_done(&reply->text);
	buf_done(&reply->challenge);
	buf_done(&reply->lines);
	buf_done(&reply->plain);
}

void
smtp_reply_clear(struct smtp_reply *reply)
{
	reply->code = 0;
	reply->enhanced[0] = '\0';
	buf_clear(&reply->text);
	buf_clear(&reply->challenge);
	buf_clear(&reply->lines);
	buf_clear(&reply->plain);
}

int
smtp_reply_read(struct smtp_reply *reply, struct wire *wire,
    int64_t deadline_ms, struct error *err)
{
	struct error failure;
	size_t count;
	int result;
	int code;

	smtp_reply_clear(reply);
	result = reply_read_lines(reply, wire, deadline_ms, &count, &failure);
	code = reply->code;
	if (result == 0 && code >= CODE_REFUSAL &&
	    reply_find_plain(reply, wire, count, err) == -1)
		return -1;
	reply->code = 0;
	if (code != CODE_CHALLENGE &&
	    wire_redact(wire, &reply->lines, REDACTION_REPLY, err) == -1)
		return -1;
	if (reply_parse_lines(reply, wire, count, true, err) == -1)
		return -1;
	if (result == -1) {
		*err = failure;
		return -1;
	}
	if (code == CODE_CHALLENGE)
		return hide_challenge(reply, err);
	if (reply->plain.len > 0)
		reply_swap_plain(reply);
	return 0;
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
	if (text < end && text[-1] == ':' && *text == ' ')
		text++;
	text = skip_enhanced(text, (size_t)(end - text), code / 100, enhanced);
	if ((reply->code != 0 && buf_add(&reply->text, "\n", 1, err) == -1) ||
	    buf_add(&reply->text, text, (size_t)(end - text), err) == -1)
		return err->code == ERROR_DATA
		    ? error_set(err, ERROR_TEMPORARY, "too long a reply")
		    : -1;
	if (reply->enhanced[0] == '\0')
		memcpy(reply->enhanced, enhanced, sizeof enhanced);
	reply->code = code;
	*ret_is_last = len < 4 || line[3] != '-';
	return 0;
}

void
smtp_reply_keep(const struct smtp_reply *reply, struct smtp_answer *ret_answer)
{
	ret_answer->code = reply->code;
	memcpy(ret_answer->enhanced, reply->enhanced, sizeof reply->enhanced);
	reply_text_show(ret_answer->text, sizeof ret_answer->text,
	    buf_text(&reply->text), reply->text.len);
}

int
smtp_reply_class(const struct smtp_reply *reply)
{
	return reply->code / 100;
}

/*
 * Reads lines up to the last of the reply, or the first that can't belong to
 * it. Sets the code if they are a reply, else 0. *ret_count is set to the
 * number of lines that are kept, on failure too: of a refusal that is too long
 * the beginning, because it says why.
 */
static int
reply_read_lines(struct smtp_reply *reply, struct wire *wire,
    int64_t deadline_ms, size_t *ret_count, struct error *err)
{
	size_t ignored = 0;
	bool is_last = false;

	*ret_count = 0;
	while (!is_last) {
		const char *line;
		size_t len;
		bool is_kept;

		if (wire_read_line(wire, deadline_ms, &line, &len, err) == -1)
			return -1;
		is_last = reply_judge_line(reply, *ret_count, line, len);
		is_kept = ignored == 0 && *ret_count < REPLY_LINES_MAX &&
		    reply->lines.len + len < REPLY_TEXT_MAX;
		if (is_kept &&
		    reply_keep_line(reply, *ret_count, line, len, err) == -1)
			return -1;
		ignored += is_kept ? 0 : len;
		if (ignored > (reply->code >= CODE_REFUSAL ? IGNORED_MAX : 0) ||
		    (ignored > 0 &&
			stream_is_late(wire_stream(wire), deadline_ms)))
			return reply_too_long(wire, *ret_count, err);
		*ret_count += is_kept;
		if (wire_line_is_cut(wire) &&
		    reply_skip_rest(reply, wire, deadline_ms, &ignored, err) ==
			-1)
			return -1;
	}
	return 0;
}

/* Sets the code; 0 if the line does not belong to a reply. Returns whether no
 * other line follows. */
static bool
reply_judge_line(struct smtp_reply *reply, size_t count, const char *line,
    size_t len)
{
	int code = parse_code(line, len);

	if ((count > 0 && code != reply->code) ||
	    memchr(line, '\0', len) != NULL)
		code = 0;
	reply->code = code;
	return code == 0 || len < CODE_LEN || line[CODE_LEN - 1] != '-';
}

static int
reply_keep_line(struct smtp_reply *reply, size_t count, const char *line,
    size_t len, struct error *err)
{
	if (count > 0 && buf_add(&reply->lines, "\n", 1, err) == -1)
		return -1;
	return buf_add(&reply->lines, line, len, err);
}

/* Reads the rest of a line that is too long. */
static int
reply_skip_rest(const struct smtp_reply *reply, struct wire *wire,
    int64_t deadline_ms, size_t *ignored, struct error *err)
{
	const char *piece;
	size_t len;

	while (wire_line_is_cut(wire)) {
		if (reply->code < CODE_REFUSAL || *ignored > IGNORED_MAX)
			return line_too_long(wire, err);
		if (wire_read_line(wire, deadline_ms, &piece, &len, err) == -1)
			return -1;
		*ignored += len;
	}
	return 0;
}

/* Fills plain if there is HTML: its text, of the lines as they came, because
 * tags may split a secret. */
static int
reply_find_plain(struct smtp_reply *reply, struct wire *wire, size_t count,
    struct error *err)
{
	int result = 0;

	if (strpbrk(buf_text(&reply->lines), "<&") == NULL)
		return 0;
	reply->code = 0;
	if (reply_parse_lines(reply, wire, count, false, err) == -1)
		return -1;
	if (reply_text_strip(&reply->text)) {
		result = wire_redact(wire, &reply->text, REDACTION_REPLY, err);
		reply_swap_plain(reply);
	}
	buf_clear(&reply->text);
	reply->enhanced[0] = '\0';
	return result;
}

static void
reply_swap_plain(struct smtp_reply *reply)
{
	struct buf text = reply->text;

	reply->text = reply->plain;
	reply->plain = text;
}

/* Fills in the reply from its lines, and records them in the transcript. */
static int
reply_parse_lines(struct smtp_reply *reply, struct wire *wire, size_t count,
    bool is_recorded, struct error *err)
{
	const char *line = buf_text(&reply->lines);
	const char *end = line + reply->lines.len;
	bool is_last;

	for (size_t i = 0; i < count; i++) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t len = (size_t)((newline != NULL ? newline : end) - line);

		if (is_recorded)
			record_line(&wire_stream(wire)->params->transcript,
			    line, len);
		if (smtp_reply_add_line(reply, line, len, &is_last, err) == -1)
			return reply_is_invalid(wire, line, len, err);
		line += len + 1;
	}
	return 0;
}

/* Only the length of a challenge is shown: with salts and nonces the password
 * could be guessed offline. */
static void
record_line(const struct transcript *transcript, const char *line, size_t len)
{
	char redacted[64];

	if (parse_code(line, len) != CODE_CHALLENGE || len < CODE_LEN) {
		transcript_add(transcript, TRANSCRIPT_SERVER, line, len);
		return;
	}
	snprintf(redacted, sizeof redacted, "%.*s<redacted, %zu bytes>",
	    CODE_LEN, line, len - CODE_LEN);
	transcript_add(transcript, TRANSCRIPT_SERVER, redacted,
	    strlen(redacted));
}

static int
reply_too_long(const struct wire *wire, size_t count, struct error *err)
{
	if (count == REPLY_LINES_MAX)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: sent a reply of more than %d lines", wire_peer(wire),
		    REPLY_LINES_MAX);
	return error_set(err, ERROR_TEMPORARY,
	    "%s: sent a reply of more than %d bytes", wire_peer(wire),
	    REPLY_TEXT_MAX);
}

static int
line_too_long(const struct wire *wire, struct error *err)
{
	error_set(err, ERROR_TEMPORARY, "%s: sent a line of more than %d bytes",
	    wire_peer(wire), WIRE_LINE_MAX);
	return error_hint(err,
	    "no mail server sends such a line; check the host and the port");
}

static int
reply_is_invalid(const struct wire *wire, const char *line, size_t len,
    struct error *err)
{
	char printable[128];

	if (err->code != ERROR_TEMPORARY)
		return -1;
	text_printable(printable, sizeof printable, line, len);
	return error_set(err, ERROR_PROTOCOL,
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
	/* Some servers write a colon after the code of a refusal. */
	if (len > 3 && line[3] != ' ' && line[3] != '-' &&
	    (line[3] != ':' || line[0] < '4'))
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
