/* SPDX-License-Identifier: MIT */
/*
 * Parses address lists (RFC 5322 sections 3.4 and 4.4, RFC 6532). It is lenient
 * about what surrounds an address, and strict about the address itself, which
 * becomes part of an SMTP command.
 */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "message/address.h"
#include "message/lexeme.h"

enum {
	ADDRESS_MAX =
	    998,        /* some exceed the 256 of RFC 5321 section 4.5.3.1.3 */
	SHOWN_MAX = 120 /* bytes of an address in an error message */
};

struct address_parser {
	struct lexeme_reader reader;
	struct lexeme lexeme; /* the current one */
	const char *element;  /* the start of the list element, for errors */
	bool in_group;
	const char *what;
	struct address_list *list;
	struct error *err;
};

static int next_lexeme(struct address_parser *parser);
static int parse_element(struct address_parser *parser);
static int skip_phrase(struct address_parser *parser, bool *ret_has_at);
static int parse_group_start(struct address_parser *parser, bool has_no_name);
static int parse_angle(struct address_parser *parser);
static int skip_route(struct address_parser *parser);
static int parse_spec(struct address_parser *parser);
static int parse_words(struct address_parser *parser, struct buf *word,
    bool is_local);
static int add_word(struct address_parser *parser, struct buf *word,
    bool is_local);
static int add_unquoted(struct address_parser *parser, struct buf *word);
static int add_bytes(struct address_parser *parser, struct buf *word,
    const char *bytes, size_t len);
static int add_address(struct address_parser *parser, const struct buf *local,
    const struct buf *domain);
static bool is_dot_atom(const char *text, size_t len);
static const char *address_find_fault(const struct buf *address);
static int address_fail(struct address_parser *parser, const char *fault);

int
address_list_parse(struct address_list *list, const char *text, size_t len,
    const char *what, struct error *err)
{
	struct address_parser parser = {.reader = {.at = text,
					    .end = text + len},
	    .element = text,
	    .what = what,
	    .list = list,
	    .err = err};

	if (next_lexeme(&parser) == -1)
		return -1;
	while (parser.lexeme.type != LEXEME_END) {
		if (lexeme_is(&parser.lexeme, ';') && !parser.in_group)
			return address_fail(&parser, "\";\" outside a group");
		if (lexeme_is(&parser.lexeme, ';'))
			parser.in_group = false;
		if (lexeme_is(&parser.lexeme, ';') ||
		    lexeme_is(&parser.lexeme, ',')) {
			parser.element = parser.reader.at;
			if (next_lexeme(&parser) == -1)
				return -1;
			continue;
		}
		if (parse_element(&parser) == -1)
			return -1;
	}
	return 0;
}

static int
next_lexeme(struct address_parser *parser)
{
	if (lexeme_next(&parser->reader, &parser->lexeme) == -1)
		return address_fail(parser, parser->reader.fault);
	return 0;
}

/*
 * Text before "<" or ":" is a name even if it looks like an address. So this
 * looks ahead for them, and parses an address from the start if there are none.
 */
static int
parse_element(struct address_parser *parser)
{
	const struct lexeme first = parser->lexeme;
	const struct lexeme_reader after_first = parser->reader;
	bool has_at;

	if (skip_phrase(parser, &has_at) == -1)
		return -1;
	if (lexeme_is(&parser->lexeme, '<'))
		return parse_angle(parser);
	if (lexeme_is(&parser->lexeme, ':'))
		return parse_group_start(parser,
		    has_at || lexeme_is(&first, ':'));
	parser->lexeme = first;
	parser->reader = after_first;
	if (parse_spec(parser) == -1)
		return -1;
	if (parser->lexeme.type == LEXEME_END ||
	    lexeme_is(&parser->lexeme, ',') || lexeme_is(&parser->lexeme, ';'))
		return 0;
	return address_fail(parser, "not an address");
}

static int
skip_phrase(struct address_parser *parser, bool *ret_has_at)
{
	bool has_at = false;

	while (parser->lexeme.type != LEXEME_END) {
		if (lexeme_is(&parser->lexeme, '@'))
			has_at = true;
		else if (parser->lexeme.type == LEXEME_SPECIAL)
			break;
		if (next_lexeme(parser) == -1)
			return -1;
	}
	*ret_has_at = has_at;
	return 0;
}

static int
parse_group_start(struct address_parser *parser, bool has_no_name)
{
	if (has_no_name)
		return address_fail(parser, "\":\" without a group name");
	if (parser->in_group)
		return address_fail(parser, "nested group");
	parser->in_group = true;
	parser->element = parser->reader.at;
	return next_lexeme(parser);
}

static int
parse_angle(struct address_parser *parser)
{
	if (next_lexeme(parser) == -1)
		return -1;
	if (lexeme_is(&parser->lexeme, '@') && skip_route(parser) == -1)
		return -1;
	if (lexeme_is(&parser->lexeme, '>'))
		return address_fail(parser, "empty address");
	if (parse_spec(parser) == -1)
		return -1;
	if (!lexeme_is(&parser->lexeme, '>'))
		return address_fail(parser, "\"<\" without \">\"");
	if (next_lexeme(parser) == -1)
		return -1;
	if (parser->lexeme.type == LEXEME_END ||
	    lexeme_is(&parser->lexeme, ',') || lexeme_is(&parser->lexeme, ';'))
		return 0;
	return address_fail(parser, "missing comma after \">\"");
}

/* Skips a route, "<@a,@b:user@c>" (RFC 5322 section 4.4), as RFC 5321 requires.
 */
static int
skip_route(struct address_parser *parser)
{
	while (!lexeme_is(&parser->lexeme, ':')) {
		if (parser->lexeme.type == LEXEME_END ||
		    lexeme_is(&parser->lexeme, '>'))
			return address_fail(parser, "route without an address");
		if (next_lexeme(parser) == -1)
			return -1;
	}
	return next_lexeme(parser);
}

static int
parse_spec(struct address_parser *parser)
{
	struct buf local;
	struct buf domain;
	int result = -1;

	buf_init(&local, ADDRESS_MAX);
	buf_init(&domain, ADDRESS_MAX);
	if (parse_words(parser, &local, true) == -1)
		goto out;
	if (lexeme_is(&parser->lexeme, '@')) {
		if (next_lexeme(parser) == -1 ||
		    parse_words(parser, &domain, false) == -1)
			goto out;
	}
	result = add_address(parser, &local, &domain);
out:
	buf_done(&local);
	buf_done(&domain);
	return result;
}

/* Reads words joined by dots: "a.b", or "a" . "b c" . d (RFC 5322 section 4.4).
 */
static int
parse_words(struct address_parser *parser, struct buf *word, bool is_local)
{
	struct lexeme last = {.type = LEXEME_END};

	while (parser->lexeme.type != LEXEME_END &&
	    parser->lexeme.type != LEXEME_SPECIAL) {
		struct lexeme lexeme = parser->lexeme;

		if (last.type != LEXEME_END &&
		    !(last.type == LEXEME_ATOM &&
			last.text[last.len - 1] == '.') &&
		    !(lexeme.type == LEXEME_ATOM && lexeme.text[0] == '.'))
			return address_fail(parser,
			    "missing comma between two words");
		if (add_word(parser, word, is_local) == -1)
			return -1;
		last = lexeme;
		if (next_lexeme(parser) == -1)
			return -1;
	}
	if (last.type == LEXEME_END)
		return address_fail(parser,
		    is_local ? "nothing before \"@\"" : "nothing after \"@\"");
	return 0;
}

static int
add_word(struct address_parser *parser, struct buf *word, bool is_local)
{
	const struct lexeme *lexeme = &parser->lexeme;

	if (lexeme->type == LEXEME_QUOTED && is_local)
		return add_unquoted(parser, word);
	if (lexeme->type == LEXEME_QUOTED)
		return address_fail(parser, "quotes in the domain");
	if (lexeme->type == LEXEME_LITERAL && (is_local || word->len > 0))
		return address_fail(parser, "unexpected bracket");
	if (memchr(lexeme->text, '\\', lexeme->len) != NULL)
		return address_fail(parser, "backslash outside quotes");
	return add_bytes(parser, word, lexeme->text, lexeme->len);
}

static int
add_unquoted(struct address_parser *parser, struct buf *word)
{
	const char *at = parser->lexeme.text;
	const char *end = at + parser->lexeme.len;

	for (; at < end; at++) {
		if (*at == '\r' || *at == '\n')
			continue; /* folding: only the white space remains */
		if (*at == '\\' && at + 1 < end)
			at++;
		if (add_bytes(parser, word, at, 1) == -1)
			return -1;
	}
	return 0;
}

static int
add_bytes(struct address_parser *parser, struct buf *word, const char *bytes,
    size_t len)
{
	if (buf_add(word, bytes, len, parser->err) == 0)
		return 0;
	return parser->err->code == ERROR_DATA
	    ? address_fail(parser, "too long")
	    : -1;
}

static int
add_address(struct address_parser *parser, const struct buf *local,
    const struct buf *domain)
{
	struct buf address;
	struct error *err = parser->err;
	bool quote = !is_dot_atom(buf_text(local), local->len);
	const char *fault;
	int result = -1;

	buf_init(&address, (size_t)4 * ADDRESS_MAX);
	if (quote && buf_add_text(&address, "\"", err) == -1)
		goto out;
	for (size_t i = 0; i < local->len; i++) {
		char c = local->data[i];

		if ((c == '"' || c == '\\') &&
		    buf_add_text(&address, "\\", err) == -1)
			goto out;
		if (buf_add(&address, &c, 1, err) == -1)
			goto out;
	}
	if (quote && buf_add_text(&address, "\"", err) == -1)
		goto out;
	if (domain->len > 0 &&
	    buf_addf(&address, err, "@%s", buf_text(domain)) == -1)
		goto out;
	fault = address_find_fault(&address);
	result = fault != NULL
	    ? address_fail(parser, fault)
	    : address_list_add(parser->list, buf_text(&address), err);
out:
	buf_done(&address);
	return result;
}

/* Whether a local part needs no quotes (RFC 5322 section 3.2.3, RFC 6532). */
static bool
is_dot_atom(const char *text, size_t len)
{
	bool after_dot = true;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '.' && after_dot)
			return false;
		if (memchr("()<>[]:;@\\,\" ", text[i], 13) != NULL)
			return false;
		after_dot = text[i] == '.';
	}
	return !after_dot;
}

static const char *
address_find_fault(const struct buf *address)
{
	const char *text = buf_text(address);

	if (address->len > ADDRESS_MAX)
		return "too long";
	for (size_t i = 0; i < address->len; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7F)
			return "contains a control character";
	}
	if (!text_is_utf8(text, address->len))
		return "contains 8-bit bytes that are not UTF-8";
	return NULL;
}

/* Shows only the list element, up to the fault: a list may be long. */
static int
address_fail(struct address_parser *parser, const char *fault)
{
	const char *start = parser->element;
	char shown[4 * SHOWN_MAX + 1];
	size_t len;

	while (start < parser->reader.at && strchr(" \t\r\n", *start) != NULL)
		start++;
	len = (size_t)(parser->reader.at - start);
	text_printable(shown, sizeof shown, start,
	    len < SHOWN_MAX ? len : SHOWN_MAX);
	return error_set(parser->err, ERROR_DATA, "%s \"%s\": %s", parser->what,
	    shown, fault);
}
