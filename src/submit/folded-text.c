/* SPDX-License-Identifier: MIT */
/*
 * Folds what a server said, so that its case, punctuation and accents do not
 * matter.
 */
#include "submit/folded-text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum {
	TAG_MAX_LEN = 256,
	WAIT_MAX_SECONDS = 31 * 86400
};

/* Of the letters from U+00C0 to U+017F, 64 in a row. */
static const char base_letters[3][64 + 1] = {
    "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty",
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll",
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs",
};

static size_t skipped_length(const struct folded_text *text, size_t used,
    const char *original);
static size_t tag_length(const char *text);
static size_t address_length(const char *text);
static bool ends_with_one_letter(const struct folded_text *text, size_t used);
static size_t apostrophe_length(const char *text);
static bool changes_script(const struct folded_text *text, size_t used,
    char next);
static bool ends_with_word_e(const struct folded_text *text, size_t used);
static size_t fold_character(const char *text, char *out, size_t *out_len);
static void append_folded(struct folded_text *text, size_t *used,
    const char *piece, size_t len);
static void join_cannot(struct folded_text *text);
static unsigned long unit_seconds(const char *word);

void
folded_text_init(struct folded_text *text, const char *original)
{
	size_t used = 0;

	append_folded(text, &used, " ", 1);
	while (*original != '\0') {
		char piece[4];
		size_t len = 0;
		size_t skipped = skipped_length(text, used, original);

		if (skipped > 0) {
			append_folded(text, &used, " ", 1);
			original += skipped;
			continue;
		}
		if (ends_with_one_letter(text, used) &&
		    apostrophe_length(original) > 0)
			append_folded(text, &used, " ", 1);
		original += fold_character(original, piece, &len);
		if (len > 0 && changes_script(text, used, piece[0]))
			append_folded(text, &used, " ", 1);
		append_folded(text, &used, piece, len);
		original += original[0] == '-' &&
		    ends_with_word_e(text, used) &&
		    strncasecmp(original, "-mail", 5) == 0;
	}
	append_folded(text, &used, " ", 1);
	join_cannot(text);
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

/* Returns the length of a tag or an address at the start, or 0. */
static size_t
skipped_length(const struct folded_text *text, size_t used,
    const char *original)
{
	size_t tag = tag_length(original);

	if (tag > 0 || text->folded[used - 1] != ' ')
		return tag;
	return address_length(original);
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
	    text_is(text + 1, len - 1, "CRLF") ||
	    text_is(text + 1, len - 1, "LF") ||
	    text_is(text + 1, len - 1, "CR"))
		return 0;
	return len + 1;
}

/* Returns the length of the mail address at the start, or 0: its words say
 * nothing about the failure. */
static size_t
address_length(const char *text)
{
	size_t len = strcspn(text, " \t<>()[]\",;:");
	const char *at = memchr(text, '@', len);

	return at != NULL && at > text &&
		memchr(at, '.', len - (size_t)(at - text)) != NULL
	    ? len
	    : 0;
}

/* An elision, as in "l'adresse", is a word of its own. */
static bool
ends_with_one_letter(const struct folded_text *text, size_t used)
{
	return used >= 2 && text->folded[used - 2] == ' ' &&
	    text->folded[used - 1] != ' ';
}

/* 0: the text does not begin with an apostrophe, typographic or not. */
static size_t
apostrophe_length(const char *text)
{
	if (text[0] == '\'')
		return 1;
	return strncmp(text, "\xE2\x80\x98", 3) == 0 ||
		strncmp(text, "\xE2\x80\x99", 3) == 0
	    ? 3
	    : 0;
}

/* Latin words need not be separated from those of other scripts. */
static bool
changes_script(const struct folded_text *text, size_t used, char next)
{
	char last = text->folded[used - 1];

	return last != ' ' && next != ' ' &&
	    text_has_8bit(&last, 1) != text_has_8bit(&next, 1);
}

/* "e-mail" is folded to "email". */
static bool
ends_with_word_e(const struct folded_text *text, size_t used)
{
	return used >= 2 && memcmp(text->folded + (used - 2), " e", 2) == 0;
}

/*
 * Writes one character in lower case; a space for punctuation, nothing for an
 * apostrophe, the base letter for a Latin one with an accent. Returns the bytes
 * read.
 */
static size_t
fold_character(const char *text, char *out, size_t *out_len)
{
	unsigned char first = (unsigned char)text[0];
	unsigned char second = first != 0 ? (unsigned char)text[1] : 0;

	*out_len = 0;
	if (apostrophe_length(text) > 0)
		return apostrophe_length(text);
	*out_len = 1;
	if (first < 0x80) {
		out[0] = (char)(isalnum(first) ? tolower(first) : ' ');
		return 1;
	}
	out[0] = text[0];
	if (second < 0x80)
		return 1;
	if (first >= 0xC3 && first <= 0xC5) {
		out[0] = base_letters[first - 0xC3][second & 0x3F];
		return 2;
	}
	out[1] = text[1];
	*out_len = 2;
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

/* "can not" is folded to "cannot". */
static void
join_cannot(struct folded_text *text)
{
	char *found = text->folded;

	while ((found = strstr(found, " can not ")) != NULL) {
		char *not_word = found + strlen(" can ");

		memmove(not_word - 1, not_word, strlen(not_word) + 1);
	}
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
