/* SPDX-License-Identifier: MIT */
/*
 * Parses the server's capabilities from its reply to EHLO. Keywords that are
 * not in the table are ignored.
 */
#include "smtp/extensions.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const struct {
	const char *keyword;
	size_t flag; /* offset of the bool */
} keywords[] = {
    {"STARTTLS", offsetof(struct smtp_extensions, starttls)},
    /* A firewall on the way hides it (Cisco's inspection of ESMTP). */
    {"XXXXXXXA", offsetof(struct smtp_extensions, is_masked)},
    {"PIPELINING", offsetof(struct smtp_extensions, pipelining)},
    {"CHUNKING", offsetof(struct smtp_extensions, chunking)},
    {"8BITMIME", offsetof(struct smtp_extensions, eightbitmime)},
    {"SMTPUTF8", offsetof(struct smtp_extensions, smtputf8)},
    {"DSN", offsetof(struct smtp_extensions, dsn)},
    {"ENHANCEDSTATUSCODES", offsetof(struct smtp_extensions, enhanced)},
    {"SIZE", offsetof(struct smtp_extensions, size)},
    {"AUTH", offsetof(struct smtp_extensions, auth)},
};

static void extensions_parse_line(struct smtp_extensions *extensions,
    const char *line, size_t len);
static void extensions_parse_size(struct smtp_extensions *extensions,
    const char *text, size_t len);
static void extensions_add_mechanisms(struct smtp_extensions *extensions,
    const char *names, size_t len);

void
smtp_extensions_parse(struct smtp_extensions *extensions,
    const struct smtp_reply *reply)
{
	const char *line = buf_text(&reply->text);

	memset(extensions, 0, sizeof *extensions);
	/* The first line holds the server's name and a greeting. */
	for (line = strchr(line, '\n'); line != NULL;) {
		const char *next = strchr(++line, '\n');
		size_t len =
		    next != NULL ? (size_t)(next - line) : strlen(line);

		extensions_parse_line(extensions, line, len);
		line = next;
	}
}

bool
smtp_extensions_offer(const struct smtp_extensions *extensions,
    const char *mechanism)
{
	char word[64];

	snprintf(word, sizeof word, " %s ", mechanism);
	return strcasestr(extensions->mechanisms, word) != NULL;
}

static void
extensions_parse_line(struct smtp_extensions *extensions, const char *line,
    size_t len)
{
	/* Some servers still write "AUTH=", for Outlook Express 4. */
	size_t word_len = 0;

	while (word_len < len && line[word_len] != ' ' && line[word_len] != '=')
		word_len++;
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
		if (text_is(line, word_len, keywords[i].keyword))
			*(bool *)((char *)extensions + keywords[i].flag) = true;
	}
	if (word_len == len)
		return;
	if (text_is(line, word_len, "SIZE"))
		extensions_parse_size(extensions, line + word_len + 1,
		    len - word_len - 1);
	if (text_is(line, word_len, "AUTH"))
		extensions_add_mechanisms(extensions, line + word_len + 1,
		    len - word_len - 1);
}

/* A number that no message reaches counts as no limit. */
static void
extensions_parse_size(struct smtp_extensions *extensions, const char *text,
    size_t len)
{
	uint64_t size = 0;

	for (size_t i = 0; i < len && isdigit((unsigned char)text[i]); i++) {
		if (size > UINT64_MAX / 16)
			return;
		size = size * 10 + (uint64_t)(text[i] - '0');
	}
	extensions->size_max = size;
}

static void
extensions_add_mechanisms(struct smtp_extensions *extensions, const char *names,
    size_t len)
{
	size_t used = strlen(extensions->mechanisms);
	char *out = extensions->mechanisms;

	/* Names that don't fit are dropped whole. */
	if (used + 3 > sizeof extensions->mechanisms)
		return;
	if (used + len + 3 > sizeof extensions->mechanisms) {
		len = sizeof extensions->mechanisms - used - 3;
		while (len > 0 && names[len] != ' ')
			len--;
	}
	out[used++] = ' ';
	for (size_t i = 0; i < len; i++)
		out[used++] = (char)toupper((unsigned char)names[i]);
	out[used++] = ' ';
	out[used] = '\0';
}
