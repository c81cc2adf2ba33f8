/* SPDX-License-Identifier: MIT */
/*
 * Reads lines of LIST and SEARCH. Whatever a server sends instead has no
 * mailbox and no message.
 */
#include "online/look-answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* One line of LIST. */
struct listed {
	const char *attributes; /* after the parenthesis */
	size_t attributes_len;
	char separator; /* between the parts of a name, or NUL */
	struct buf name;
};

/* English servers' and programs' names; others have the attribute. */
static const char *const usual_names[] = {"Sent", "Sent Items", "Sent Messages",
    "Sent Mail"};

enum {
	NAME_MAX_LEN = 1024,
	SET_MAX_LEN = 256 /* a few copies are enough */
};

static const char *next_line(const char *line);
static bool listed_read(struct listed *listed, const char *line);
static const char *listed_read_separator(struct listed *listed, const char *at);
static bool listed_read_name(struct listed *listed, const char *at);
static bool read_quoted(struct buf *out, const char *at);
static bool read_literal(struct buf *out, const char *at);
static bool listed_is_sent(const struct listed *listed);
static bool listed_has_usual_name(const struct listed *listed);

int
look_answer_sent_mailbox(const char *text, struct buf *name, struct error *err)
{
	struct listed listed;
	struct buf usual;
	int result = 0;

	buf_init(&listed.name, NAME_MAX_LEN);
	buf_init(&usual, NAME_MAX_LEN);
	for (; result == 0 && name->len == 0 && text != NULL;
	     text = next_line(text)) {
		if (!listed_read(&listed, text))
			continue;
		if (listed_is_sent(&listed))
			result = buf_add(name, listed.name.data,
			    listed.name.len, err);
		else if (usual.len == 0 && listed_has_usual_name(&listed))
			result = buf_add(&usual, listed.name.data,
			    listed.name.len, err);
	}
	if (result == 0 && name->len == 0 && usual.len > 0)
		result = buf_add(name, usual.data, usual.len, err);
	buf_done(&usual);
	buf_done(&listed.name);
	return result;
}

static const char *
next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end != NULL && end[1] != '\0' ? end + 1 : NULL;
}

/* "* LIST (\HasNoChildren \Sent) "/" "Sent Items"" */
static bool
listed_read(struct listed *listed, const char *line)
{
	static const char begin[] = "* LIST (";
	const char *end;

	buf_clear(&listed->name);
	if (!text_has_prefix(line, begin))
		return false;
	listed->attributes = line + strlen(begin);
	listed->attributes_len = strcspn(listed->attributes, ")\r\n");
	end = listed->attributes + listed->attributes_len;
	if (end[0] != ')' || end[1] != ' ')
		return false;
	end = listed_read_separator(listed, end + 2);
	return end != NULL && listed_read_name(listed, end) &&
	    listed->name.len > 0;
}

/* Returns where the name begins, or NULL. */
static const char *
listed_read_separator(struct listed *listed, const char *at)
{
	listed->separator = '\0';
	if (text_has_prefix(at, "NIL "))
		return at + strlen("NIL ");
	if (*at++ != '"')
		return NULL;
	if (*at == '\\')
		at++;
	listed->separator = *at;
	return at[0] != '\0' && at[1] == '"' && at[2] == ' ' ? at + 3 : NULL;
}

static bool
listed_read_name(struct listed *listed, const char *at)
{
	struct error ignored;

	if (*at == '"')
		return read_quoted(&listed->name, at + 1);
	if (*at == '{')
		return read_literal(&listed->name, at + 1);
	return buf_add(&listed->name, at, strcspn(at, "\r\n"), &ignored) == 0;
}

static bool
read_quoted(struct buf *out, const char *at)
{
	struct error ignored;

	for (; *at != '"'; at++) {
		if (*at == '\\')
			at++;
		if (*at == '\0' || *at == '\r' || *at == '\n' ||
		    buf_add(out, at, 1, &ignored) == -1)
			return false;
	}
	return true;
}

/* The bytes of a literal are on the next line. */
static bool
read_literal(struct buf *out, const char *at)
{
	struct error ignored;
	char *end;
	unsigned long len = strtoul(at, &end, 10);
	const char *bytes = next_line(end);

	return end > at && *end == '}' && bytes != NULL &&
	    len <= strcspn(bytes, "\r\n") &&
	    buf_add(out, bytes, len, &ignored) == 0;
}

static bool
listed_is_sent(const struct listed *listed)
{
	static const char sent[] = "\\Sent";
	const char *at = listed->attributes;
	const char *end = at + listed->attributes_len;

	while (at < end) {
		size_t len = strcspn(at, " )");

		if (text_is(at, len, sent))
			return true;
		at += len + 1;
	}
	return false;
}

static bool
listed_has_usual_name(const struct listed *listed)
{
	const char *part = listed->separator != '\0'
	    ? strrchr(listed->name.data, listed->separator)
	    : NULL;

	part = part != NULL ? part + 1 : listed->name.data;
	for (size_t i = 0; i < sizeof usual_names / sizeof *usual_names; i++) {
		if (text_equals(part, usual_names[i]))
			return true;
	}
	return false;
}

/* "* SEARCH 2 84 882", or without a number. */
int
look_answer_found(const char *text, struct buf *set, struct error *err)
{
	static const char begin[] = "* SEARCH ";
	static const char digits[] = "0123456789";
	int result = 0;

	for (; text != NULL; text = next_line(text)) {
		const char *at = text;

		if (!text_has_prefix(text, begin))
			continue;
		at += strlen(begin);
		while (result == 0 && set->len < SET_MAX_LEN &&
		    strspn(at, digits) > 0) {
			int len = (int)strspn(at, digits);

			result = buf_addf(set, err, "%s%.*s",
			    set->len > 0 ? "," : "", len, at);
			at += len + (at[len] == ' ' ? 1 : 0);
		}
	}
	return result;
}

bool
look_answer_has_received(const char *text)
{
	for (; text != NULL; text = next_line(text)) {
		if (text_has_prefix(text, "Received:"))
			return true;
	}
	return false;
}

const char *
look_answer_refusal(const char *text)
{
	const char *refusal = "";

	for (; text != NULL; text = next_line(text)) {
		const char *word = text + strcspn(text, " \r\n");

		if (text[0] != '*' && text[0] != '+' &&
		    (text_has_prefix(word, " NO ") ||
			text_has_prefix(word, " BAD ")))
			refusal = word + 1;
	}
	return refusal;
}

/* libcurl decodes "%XX" in a command. */
int
look_answer_quote(struct buf *command, const char *text, struct error *err)
{
	if (buf_add_text(command, "\"", err) == -1)
		return -1;
	for (const char *c = text; *c != '\0'; c++) {
		const char *before = *c == '"' || *c == '\\' ? "\\" : "";
		int result;

		if ((unsigned char)*c < ' ' || *c == '\177')
			return error_set(err, ERROR_DATA,
			    "%s: has a control character", text);
		result = *c == '%' ? buf_add_text(command, "%25", err)
				   : buf_addf(command, err, "%s%c", before, *c);
		if (result == -1)
			return -1;
	}
	return buf_add_text(command, "\"", err);
}
