/* SPDX-License-Identifier: MIT */
/*
 * Folds what a server said and matches patterns against it. Knows neither
 * causes nor rules.
 */
#include "submit/folded-text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	TAG_MAX_LEN = 256,
	ALTERNATIVE_SIZE = 128,
	WAIT_MAX_SECONDS = 31 * 86400
};

static size_t tag_length(const char *text);
static size_t fold_character(const char *text, char *out, size_t *out_len);
static void append_folded(struct folded_text *text, size_t *used,
    const char *piece, size_t len);
static bool has_term(const struct folded_text *text, const char *term,
    size_t len);
static bool has_alternative(const struct folded_text *text,
    const char *alternative, size_t len);
static bool find_words(const char *folded, const char *words, bool is_open);
static unsigned long unit_seconds(const char *word);

void
folded_text_init(struct folded_text *text, const char *original)
{
	size_t used = 0;

	append_folded(text, &used, " ", 1);
	while (*original != '\0') {
		char piece[4];
		size_t len = 0;
		size_t tag = tag_length(original);

		if (tag > 0) {
			append_folded(text, &used, " ", 1);
			original += tag;
			continue;
		}
		original += fold_character(original, piece, &len);
		append_folded(text, &used, piece, len);
	}
	append_folded(text, &used, " ", 1);
}

bool
folded_text_has(const struct folded_text *text, const char *pattern,
    size_t pattern_len)
{
	const char *end = pattern + pattern_len;

	while (pattern < end) {
		const char *space =
		    memchr(pattern, ' ', (size_t)(end - pattern));
		const char *term_end = space != NULL ? space : end;
		bool is_negated = *pattern == '!';
		const char *term = pattern + is_negated;

		if (term_end > term &&
		    has_term(text, term, (size_t)(term_end - term)) ==
			is_negated)
			return false;
		pattern = term_end + 1;
	}
	return true;
}

bool
folded_text_find_wait(const struct folded_text *text,
    unsigned long *ret_seconds)
{
	for (const char *p = text->folded; *p != '\0'; p++) {
		unsigned long number;
		unsigned long unit;
		char *end;

		if (*p != ' ' || !isdigit((unsigned char)p[1]))
			continue;
		number = strtoul(p + 1, &end, 10);
		unit = unit_seconds(end);
		if (unit == 0 || number == 0 ||
		    number > WAIT_MAX_SECONDS / unit)
			continue;
		*ret_seconds = number * unit;
		return true;
	}
	return false;
}

/* Returns the length of the HTML tag at the start, or 0. An address or URL in
 * angle brackets is none. */
static size_t
tag_length(const char *text)
{
	size_t len;

	if (text[0] != '<' ||
	    !(isalpha((unsigned char)text[1]) || text[1] == '/' ||
		text[1] == '!'))
		return 0;
	len = strcspn(text, ">");
	if (text[len] != '>' || len > TAG_MAX_LEN)
		return 0;
	if (memchr(text, '@', len) != NULL ||
	    strncmp(text + 1, "http", 4) == 0 ||
	    text_is(text + 1, len - 1, "CRLF"))
		return 0;
	return len + 1;
}

/*
 * Writes one character in lower case; a space for punctuation, nothing for an
 * apostrophe. Returns the bytes read. Of other scripts Latin-1 and Cyrillic
 * capitals are folded.
 */
static size_t
fold_character(const char *text, char *out, size_t *out_len)
{
	unsigned char first = (unsigned char)text[0];
	unsigned char second = first != 0 ? (unsigned char)text[1] : 0;

	*out_len = 1;
	if (first < 0x80) {
		out[0] = (char)(isalnum(first) ? tolower(first) : ' ');
		*out_len = first != '\'';
		return 1;
	}
	if (first == 0xE2 && second == 0x80 &&
	    ((unsigned char)text[2] & 0xFE) == 0x98) {
		*out_len = 0; /* a typographic apostrophe */
		return 3;
	}
	out[0] = text[0];
	if (second < 0x80)
		return 1;
	out[1] = text[1];
	*out_len = 2;
	if (first == 0xC3 && second >= 0x80 && second <= 0x9E)
		out[1] = (char)(second + 0x20);
	if (first == 0xD0 && second >= 0x90 && second <= 0x9F)
		out[1] = (char)(second + 0x20);
	if (first == 0xD0 && second >= 0xA0 && second <= 0xAF) {
		out[0] = (char)0xD1;
		out[1] = (char)(second - 0x20);
	}
	return 2;
}

/* Never begins a second space; leaves room for the last one. */
static void
append_folded(struct folded_text *text, size_t *used, const char *piece,
    size_t len)
{
	bool is_space = len == 1 && piece[0] == ' ';

	if (is_space && *used > 0 && text->folded[*used - 1] == ' ')
		len = 0;
	if (*used + len + (is_space ? 1 : 2) > sizeof text->folded)
		len = 0;
	memcpy(text->folded + *used, piece, len);
	*used += len;
	text->folded[*used] = '\0';
}

static bool
has_term(const struct folded_text *text, const char *term, size_t len)
{
	const char *end = term + len;

	while (term < end) {
		const char *bar = memchr(term, '|', (size_t)(end - term));
		const char *alternative_end = bar != NULL ? bar : end;

		if (has_alternative(text, term,
			(size_t)(alternative_end - term)))
			return true;
		term = alternative_end + 1;
	}
	return false;
}

static bool
has_alternative(const struct folded_text *text, const char *alternative,
    size_t len)
{
	struct folded_text words;
	char copy[ALTERNATIVE_SIZE];
	bool is_open = len > 0 && alternative[len - 1] == '*';
	char *bare;

	if (len >= sizeof copy)
		return false;
	memcpy(copy, alternative, len);
	copy[len] = '\0';
	folded_text_init(&words, copy);
	if (!text_has_8bit(copy, len))
		return find_words(text->folded, words.folded, is_open);
	bare = text_trim(words.folded);
	return *bare != '\0' && strstr(text->folded, bare) != NULL;
}

/* words has a space at both ends. */
static bool
find_words(const char *folded, const char *words, bool is_open)
{
	size_t len = strlen(words) - is_open;

	if (len < 2)
		return false;
	return memmem(folded, strlen(folded), words, len) != NULL;
}

static unsigned long
unit_seconds(const char *word)
{
	static const struct {
		const char *prefix;
		unsigned long seconds;
	} units[] = {
	    {" second", 1},
	    {" sec ", 1},
	    {" secs ", 1},
	    {" minute", 60},
	    {" min ", 60},
	    {" mins ", 60},
	    {" hour", 3600},
	    {" day", 86400},
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (text_has_prefix(word, units[i].prefix))
			return units[i].seconds;
	}
	return 0;
}
