/* SPDX-License-Identifier: MIT */
/*
 * Matches patterns and word lists against a folded text. Knows neither causes
 * nor rules.
 */
#include "submit/vocabulary.h"

#include <string.h>

#include "base/text.h"

enum {
	ALTERNATIVE_SIZE = 128
};

static size_t vocabulary_line_length(const char *text);
static size_t vocabulary_term_length(const char *text, const char *end);
static size_t vocabulary_span(const char *text, const char *end,
    const char *ends_with);
static void vocabulary_add_list(struct vocabulary *vocabulary, const char *line,
    size_t len);
static bool vocabulary_has_term(const struct vocabulary *vocabulary,
    const char *term, size_t len);
static bool vocabulary_has_alternative(const struct vocabulary *vocabulary,
    const char *alternative, size_t len);
static bool vocabulary_has_list(const struct vocabulary *vocabulary,
    const char *name, size_t len);
static bool vocabulary_has_words(const struct vocabulary *vocabulary,
    const char *words, size_t len);
static bool vocabulary_fold_ascii(struct folded_text *folded, const char *words,
    size_t len);
static bool vocabulary_fold(struct folded_text *folded, const char *words,
    size_t len);

void
vocabulary_init(struct vocabulary *vocabulary, const char *word_lists,
    const struct folded_text *text)
{
	vocabulary->text = text;
	vocabulary->text_len = strlen(text->folded);
	vocabulary->count = 0;
	while (*word_lists != '\0') {
		size_t len = vocabulary_line_length(word_lists);

		if (*word_lists != '#' && *word_lists != '\n')
			vocabulary_add_list(vocabulary, word_lists, len);
		word_lists += len;
	}
}

bool
vocabulary_has(const struct vocabulary *vocabulary, const char *pattern,
    size_t pattern_len)
{
	const char *end = pattern + pattern_len;

	while (pattern < end) {
		size_t len = vocabulary_term_length(pattern, end);
		bool is_negated = *pattern == '!';

		if (len > is_negated &&
		    vocabulary_has_term(vocabulary, pattern + is_negated,
			len - is_negated) == is_negated)
			return false;
		pattern += len + 1;
	}
	return true;
}

bool
vocabulary_names(const struct vocabulary *vocabulary, const char *name,
    size_t len)
{
	for (size_t i = 0; i < vocabulary->count; i++) {
		const struct vocabulary_list *list = &vocabulary->lists[i];

		if (list->name_len == len && memcmp(list->name, name, len) == 0)
			return true;
	}
	return false;
}

/* With the indented lines that continue it, and the line feeds. */
static size_t
vocabulary_line_length(const char *text)
{
	const char *end = text;

	do {
		end += strcspn(end, "\n");
		end += *end == '\n';
	} while (*text != '#' && (*end == ' ' || *end == '\t'));
	return (size_t)(end - text);
}

/* Up to a space that does not follow "|". */
static size_t
vocabulary_term_length(const char *text, const char *end)
{
	const char *p = text + vocabulary_span(text, end, " \t\n");

	while (p < end && p > text && p[-1] == '|') {
		p += strspn(p, " \t\n");
		p += vocabulary_span(p, end, " \t\n");
	}
	return (size_t)(p - text);
}

/* Returns the length of the text before one of the bytes ends_with. */
static size_t
vocabulary_span(const char *text, const char *end, const char *ends_with)
{
	const char *p = text;

	while (p < end && strchr(ends_with, *p) == NULL)
		p++;
	return (size_t)(p - text);
}

static void
vocabulary_add_list(struct vocabulary *vocabulary, const char *line, size_t len)
{
	const char *end = line + len;
	struct vocabulary_list list = {.name = line, .is_said = false};

	if (vocabulary->count == VOCABULARY_LISTS_MAX)
		return;
	list.name_len = vocabulary_span(line, end, " \n");
	for (const char *term = line + list.name_len;
	     term < end && !list.is_said;) {
		size_t term_len = vocabulary_term_length(term, end);

		list.is_said = vocabulary_has_term(vocabulary, term, term_len);
		term += term_len + 1;
	}
	vocabulary->lists[vocabulary->count++] = list;
}

static bool
vocabulary_has_term(const struct vocabulary *vocabulary, const char *term,
    size_t len)
{
	const char *end = term + len;

	while (term < end) {
		size_t alternative_len = vocabulary_span(term, end, "|");

		if (vocabulary_has_alternative(vocabulary, term,
			alternative_len))
			return true;
		term += alternative_len + 1;
	}
	return false;
}

static bool
vocabulary_has_alternative(const struct vocabulary *vocabulary,
    const char *alternative, size_t len)
{
	for (; len > 0 && strchr(" \t\n", *alternative) != NULL; len--)
		alternative++;
	if (len > 0 && *alternative == '$')
		return vocabulary_has_list(vocabulary, alternative + 1,
		    len - 1);
	return vocabulary_has_words(vocabulary, alternative, len);
}

static bool
vocabulary_has_list(const struct vocabulary *vocabulary, const char *name,
    size_t len)
{
	for (size_t i = 0; i < vocabulary->count; i++) {
		const struct vocabulary_list *list = &vocabulary->lists[i];

		if (list->name_len == len && memcmp(list->name, name, len) == 0)
			return list->is_said;
	}
	return false;
}

static bool
vocabulary_has_words(const struct vocabulary *vocabulary, const char *words,
    size_t len)
{
	const char *text = vocabulary->text->folded;
	struct folded_text folded;
	bool is_open = len > 0 && words[len - 1] == '*';
	size_t folded_len;

	folded.folded[0] = '\0';
	if (!vocabulary_fold_ascii(&folded, words, len) &&
	    !vocabulary_fold(&folded, words, len))
		return false;
	folded_len = strlen(folded.folded);
	if (text_has_8bit(folded.folded, folded_len)) {
		char *bare = text_trim(folded.folded);

		return *bare != '\0' && strstr(text, bare) != NULL;
	}
	/* There is a space at both ends. */
	folded_len -= is_open;
	return folded_len >= 2 &&
	    memmem(text, vocabulary->text_len, folded.folded, folded_len) !=
	    NULL;
}

/* The fast way for lower case; returns false if there is anything else. */
static bool
vocabulary_fold_ascii(struct folded_text *folded, const char *words, size_t len)
{
	char *out = folded->folded;

	if (len >= ALTERNATIVE_SIZE)
		return false;
	*out++ = ' ';
	for (size_t i = 0; i < len; i++) {
		if (words[i] == '-' && i + 1 < len)
			*out++ = ' ';
		else if ((words[i] >= 'a' && words[i] <= 'z') ||
		    (words[i] >= '0' && words[i] <= '9'))
			*out++ = words[i];
		else if (words[i] != '*' || i + 1 != len)
			return false;
	}
	*out++ = ' ';
	*out = '\0';
	return true;
}

static bool
vocabulary_fold(struct folded_text *folded, const char *words, size_t len)
{
	char copy[ALTERNATIVE_SIZE];

	if (len >= sizeof copy)
		return false;
	memcpy(copy, words, len);
	copy[len] = '\0';
	folded_text_init(folded, copy);
	return true;
}
