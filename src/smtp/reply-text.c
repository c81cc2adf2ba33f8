/* SPDX-License-Identifier: MIT */
/*
 * Makes the text of replies readable. Does not know what a reply means.
 */
#include "smtp/reply-text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum {
	TAG_MAX = 1024, /* bytes that are searched for its end */
	ENTITY_MAX = 12,
	URL_SIZE = 256,
	SHOWN_MAX = 2048, /* longer than any text that is shown */
	WORD_MAX = 40     /* a longer word is cut */
};

enum element_kind {
	ELEMENT_NONE,   /* not HTML */
	ELEMENT_INLINE, /* within a word or sentence */
	ELEMENT_BLOCK,  /* separates words */
	ELEMENT_LINK,
	ELEMENT_HIDDEN /* its content is not text */
};

/* Text that is rewritten in place: it only becomes shorter. */
struct strip {
	const char *start;
	char *out;
	const char *in;
	const char *end;
	char url[URL_SIZE]; /* of the link that is open, or "" */
};

static void strip_tag(struct strip *strip);
static const char *tag_end(const struct strip *strip);
static enum element_kind tag_kind(const char *tag, const char *end);
static void open_link(struct strip *strip, const char *tag, const char *end);
static void close_link(struct strip *strip);
static void skip_hidden(struct strip *strip, const char *tag);
static void strip_entity(struct strip *strip);
static uint32_t entity_point(const char *text, const char *end);
static uint32_t numeric_entity(const char *digits);
static void put_point(struct strip *strip, uint32_t point);
static size_t cut_after_word(const char *text, size_t len);

bool
reply_text_strip(struct buf *text)
{
	struct strip strip = {.start = text->data,
	    .out = text->data,
	    .in = text->data,
	    .end = text->data + text->len,
	    .url = ""};
	size_t before = text->len;

	if (text->len == 0 ||
	    (memchr(text->data, '<', text->len) == NULL &&
		memchr(text->data, '&', text->len) == NULL))
		return false;
	while (strip.in < strip.end) {
		if (*strip.in == '<')
			strip_tag(&strip);
		else if (*strip.in == '&')
			strip_entity(&strip);
		else
			*strip.out++ = *strip.in++;
	}
	*strip.out = '\0';
	text->len = (size_t)(strip.out - text->data);
	return text->len < before;
}

void
reply_text_show(char *out, size_t size, const char *text, size_t len)
{
	static const char more[] = "...";
	char printable[SHOWN_MAX];
	size_t used = 0;

	text_printable(printable, sizeof printable, text, len);
	for (const char *p = printable; *p != '\0'; p++) {
		if (*p != ' ' || (used > 0 && printable[used - 1] != ' '))
			printable[used++] = *p;
	}
	while (used > 0 && printable[used - 1] == ' ')
		used--;
	printable[used] = '\0';
	if (used < size) {
		memcpy(out, printable, used + 1);
		return;
	}
	out[0] = '\0';
	if (size <= sizeof more)
		return;
	used = cut_after_word(printable, size - sizeof more);
	memcpy(out, printable, used);
	memcpy(out + used, more, sizeof more);
}

static void
strip_tag(struct strip *strip)
{
	const char *tag = strip->in + 1;
	const char *end = tag_end(strip);
	enum element_kind kind =
	    end != NULL ? tag_kind(tag, end) : ELEMENT_NONE;

	if (kind == ELEMENT_NONE) {
		*strip->out++ = *strip->in++;
		return;
	}
	strip->in = end + 1;
	if (kind == ELEMENT_BLOCK)
		*strip->out++ = ' ';
	else if (kind == ELEMENT_HIDDEN && *tag != '/' && *tag != '!')
		skip_hidden(strip, tag);
	else if (kind == ELEMENT_LINK && *tag == '/')
		close_link(strip);
	else if (kind == ELEMENT_LINK)
		open_link(strip, tag, end);
}

/* Returns the ">" of the tag, or NULL. That of a comment is after "--". */
static const char *
tag_end(const struct strip *strip)
{
	const char *in = strip->in;
	size_t left = (size_t)(strip->end - in);

	if (left > TAG_MAX)
		left = TAG_MAX;
	if (left > 4 && strncmp(in, "<!--", 4) == 0) {
		const char *end = memmem(in + 4, left - 4, "-->", 3);

		return end != NULL ? end + 2 : NULL;
	}
	return memchr(in, '>', left);
}

static enum element_kind
tag_kind(const char *tag, const char *end)
{
	static const struct {
		const char *name;
		enum element_kind kind;
	} elements[] = {
	    {"a", ELEMENT_LINK},
	    {"abbr", ELEMENT_INLINE},
	    {"b", ELEMENT_INLINE},
	    {"big", ELEMENT_INLINE},
	    {"blockquote", ELEMENT_BLOCK},
	    {"body", ELEMENT_BLOCK},
	    {"br", ELEMENT_BLOCK},
	    {"center", ELEMENT_BLOCK},
	    {"code", ELEMENT_INLINE},
	    {"div", ELEMENT_BLOCK},
	    {"em", ELEMENT_INLINE},
	    {"font", ELEMENT_INLINE},
	    {"h1", ELEMENT_BLOCK},
	    {"h2", ELEMENT_BLOCK},
	    {"h3", ELEMENT_BLOCK},
	    {"h4", ELEMENT_BLOCK},
	    {"head", ELEMENT_BLOCK},
	    {"hr", ELEMENT_BLOCK},
	    {"html", ELEMENT_BLOCK},
	    {"i", ELEMENT_INLINE},
	    {"img", ELEMENT_INLINE},
	    {"li", ELEMENT_BLOCK},
	    {"link", ELEMENT_INLINE},
	    {"meta", ELEMENT_INLINE},
	    {"ol", ELEMENT_BLOCK},
	    {"p", ELEMENT_BLOCK},
	    {"pre", ELEMENT_BLOCK},
	    {"s", ELEMENT_INLINE},
	    {"script", ELEMENT_HIDDEN},
	    {"small", ELEMENT_INLINE},
	    {"span", ELEMENT_INLINE},
	    {"strong", ELEMENT_INLINE},
	    {"style", ELEMENT_HIDDEN},
	    {"sub", ELEMENT_INLINE},
	    {"sup", ELEMENT_INLINE},
	    {"table", ELEMENT_BLOCK},
	    {"tbody", ELEMENT_BLOCK},
	    {"td", ELEMENT_BLOCK},
	    {"th", ELEMENT_BLOCK},
	    {"title", ELEMENT_BLOCK},
	    {"tr", ELEMENT_BLOCK},
	    {"tt", ELEMENT_INLINE},
	    {"u", ELEMENT_INLINE},
	    {"ul", ELEMENT_BLOCK},
	    {"!doctype", ELEMENT_HIDDEN},
	};
	const char *name = *tag == '/' ? tag + 1 : tag;
	size_t len = strcspn(name, " \t\n/>");

	if (strncmp(name, "!--", 3) == 0)
		return ELEMENT_HIDDEN;
	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
		if (name + len <= end && text_is(name, len, elements[i].name))
			return elements[i].kind;
	}
	return ELEMENT_NONE;
}

/* Remembers a URL that people can open. */
static void
open_link(struct strip *strip, const char *tag, const char *end)
{
	static const char attribute[] = "href=";
	const char *url = tag;
	size_t len;

	strip->url[0] = '\0';
	while (url < end && !text_has_prefix(url, attribute))
		url++;
	if (url == end)
		return;
	url += strlen(attribute);
	url += *url == '"' || *url == '\'';
	len = strcspn(url, "\"' \t\n>");
	if (len >= URL_SIZE || !text_has_prefix(url, "http"))
		return;
	memcpy(strip->url, url, len);
	strip->url[len] = '\0';
}

/* Writes the URL after the words of the link, unless they are the URL. The tags
 * were longer. */
static void
close_link(struct strip *strip)
{
	size_t len = strlen(strip->url);
	bool is_shown = (size_t)(strip->out - strip->start) >= len &&
	    memcmp(strip->out - len, strip->url, len) == 0;

	if (len > 0 && !is_shown) {
		memcpy(strip->out, " (", 2);
		memcpy(strip->out + 2, strip->url, len);
		strip->out[len + 2] = ')';
		strip->out += len + 3;
	}
	strip->url[0] = '\0';
}

/* Skips up to the tag that ends the element, or to the end. */
static void
skip_hidden(struct strip *strip, const char *tag)
{
	size_t len = strcspn(tag, " \t\n/>");

	for (; strip->in < strip->end; strip->in++) {
		if (strip->in[0] == '<' && strip->in[1] == '/' &&
		    strncasecmp(strip->in + 2, tag, len) == 0)
			return;
	}
}

static void
strip_entity(struct strip *strip)
{
	size_t left = strnlen(strip->in, ENTITY_MAX);
	const char *end = memchr(strip->in, ';', left);
	uint32_t point = end != NULL ? entity_point(strip->in + 1, end) : 0;

	if (point == 0) {
		*strip->out++ = *strip->in++;
		return;
	}
	strip->in = end + 1;
	put_point(strip, point);
}

/* Returns the character of an entity, or 0 if it is unknown. */
static uint32_t
entity_point(const char *text, const char *end)
{
	static const struct {
		const char *name;
		uint32_t point;
	} entities[] = {
	    {"amp", '&'},
	    {"apos", '\''},
	    {"copy", 0xA9},
	    {"gt", '>'},
	    {"hellip", 0x2026},
	    {"ldquo", 0x201C},
	    {"lsquo", 0x2018},
	    {"lt", '<'},
	    {"mdash", 0x2014},
	    {"nbsp", ' '},
	    {"ndash", 0x2013},
	    {"quot", '"'},
	    {"rdquo", 0x201D},
	    {"reg", 0xAE},
	    {"rsquo", 0x2019},
	};

	if (*text == '#')
		return numeric_entity(text + 1);
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
		if (text_is(text, (size_t)(end - text), entities[i].name))
			return entities[i].point;
	}
	return 0;
}

static uint32_t
numeric_entity(const char *digits)
{
	bool is_hex = *digits == 'x' || *digits == 'X';
	char *end;
	unsigned long point = strtoul(digits + is_hex, &end, is_hex ? 16 : 10);

	if (*end != ';' || end == digits + is_hex || point > 0x10FFFF ||
	    (point >= 0xD800 && point <= 0xDFFF))
		return 0;
	return point == 0xA0 ? ' ' : (uint32_t)point;
}

/* In UTF-8, which is no longer than the entity. */
static void
put_point(struct strip *strip, uint32_t point)
{
	size_t tail = point < 0x80 ? 0
	    : point < 0x800        ? 1
	    : point < 0x10000      ? 2
				   : 3;
	static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};

	*strip->out++ = (char)(lead[tail] | point >> 6 * tail);
	while (tail-- > 0)
		*strip->out++ = (char)(0x80 | (point >> 6 * tail & 0x3F));
}

/* Returns where to cut so that at most len bytes remain: after a word, or at
 * least after a character. */
static size_t
cut_after_word(const char *text, size_t len)
{
	size_t cut = len;

	while (cut > 0 && len - cut < WORD_MAX && text[cut] != ' ')
		cut--;
	if (cut > 0 && text[cut] == ' ')
		return cut;
	while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
		len--;
	return len;
}
