/* SPDX-License-Identifier: MIT */
/*
 * Splits the lines of a file of rules into words and values. Does not know what
 * the conditions mean.
 */
#include "submit/rule.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static const char *const key_names[RULE_KEY_COUNT] = {
    [RULE_AT] = "at",
    [RULE_CODE] = "code",
    [RULE_ENHANCED] = "enhanced",
    [RULE_ERRNO] = "errno",
    [RULE_PROVIDER] = "provider",
    [RULE_SIGN_IN] = "sign-in",
    [RULE_GRANT] = "grant",
    [RULE_TAKES] = "takes",
    [RULE_MECHANISM] = "mechanism",
    [RULE_ADDRESS] = "address",
    [RULE_PORT] = "port",
    [RULE_TLS] = "tls",
    [RULE_SAYS] = "says",
    [RULE_RETRY] = "retry",
    [RULE_HINT] = "hint",
};

static bool rule_next_line(struct rule_reader *reader, const char **ret_text,
    size_t *ret_len);
static size_t rule_line_length(const char *text);
static void rule_skip_space(const char **text, const char *end);
static int rule_read_cause(const struct rule_reader *reader, const char **text,
    const char *end, struct rule *rule, struct error *err);
static int rule_read_value(const struct rule_reader *reader, const char **text,
    const char *end, struct rule *rule, struct error *err);
static enum rule_key rule_find_key(const char *name, size_t len);
static size_t rule_word_length(const char *text, const char *end,
    const char *ends_with);

const char *
rule_key_name(enum rule_key key)
{
	return key_names[key];
}

void
rule_reader_init(struct rule_reader *reader, const char *origin,
    const char *text)
{
	*reader = (struct rule_reader){.origin = origin,
	    .rest = text,
	    .next_line = 1};
}

int
rule_read(struct rule_reader *reader, struct rule *ret_rule, struct error *err)
{
	struct rule rule = {.cause = NULL};
	const char *text;
	const char *end;
	size_t len;

	do {
		if (!rule_next_line(reader, &text, &len))
			return 0;
		end = text + len;
		rule_skip_space(&text, end);
	} while (text == end || *text == '#');
	if (rule_read_cause(reader, &text, end, &rule, err) == -1)
		return -1;
	while (text < end) {
		if (rule_read_value(reader, &text, end, &rule, err) == -1)
			return -1;
	}
	*ret_rule = rule;
	return 1;
}

/* Takes a line with the indented lines that continue it; a comment has none. */
static bool
rule_next_line(struct rule_reader *reader, const char **ret_text,
    size_t *ret_len)
{
	const char *text = reader->rest;
	const char *end = text;

	if (*text == '\0')
		return false;
	reader->line = reader->next_line;
	do {
		end += rule_line_length(end);
		reader->next_line++;
	} while (*text != '#' && (*end == ' ' || *end == '\t'));
	reader->rest = end;
	*ret_text = text;
	*ret_len = (size_t)(end - text);
	return true;
}

/* With the line feed, if there is one. */
static size_t
rule_line_length(const char *text)
{
	size_t len = strcspn(text, "\n");

	return text[len] == '\n' ? len + 1 : len;
}

static void
rule_skip_space(const char **text, const char *end)
{
	while (*text < end && strchr(" \t\r\n", **text) != NULL)
		++*text;
}

static int
rule_read_cause(const struct rule_reader *reader, const char **text,
    const char *end, struct rule *rule, struct error *err)
{
	size_t len = rule_word_length(*text, end, " \t\r\n");

	rule->cause = cause_find(*text, len);
	if (rule->cause == NULL)
		return error_set(err, ERROR_CONFIG,
		    "%s:%u: unknown cause: %.*s", reader->origin, reader->line,
		    (int)len, *text);
	*text += len;
	rule_skip_space(text, end);
	return 0;
}

static int
rule_read_value(const struct rule_reader *reader, const char **text,
    const char *end, struct rule *rule, struct error *err)
{
	size_t name_len = rule_word_length(*text, end, "= \t\r\n");
	enum rule_key key = rule_find_key(*text, name_len);
	const char *value = *text + name_len + 1;
	bool is_quoted = value < end && *value == '"';
	size_t len;

	if (key == RULE_KEY_COUNT || value > end || value[-1] != '=')
		return error_set(err, ERROR_CONFIG,
		    "%s:%u: expected a condition such as at=auth: %.*s",
		    reader->origin, reader->line, (int)name_len, *text);
	value += is_quoted;
	len = rule_word_length(value, end, is_quoted ? "\"" : " \t\r\n");
	if (is_quoted && value + len == end)
		return error_set(err, ERROR_CONFIG,
		    "%s:%u: the value of %s lacks its closing quote",
		    reader->origin, reader->line, key_names[key]);
	if (rule->value[key].text != NULL)
		return error_set(err, ERROR_CONFIG, "%s:%u: %s is given twice",
		    reader->origin, reader->line, key_names[key]);
	if (key == RULE_RETRY &&
	    cause_find_retry(value, len) == CAUSE_RETRY_BY_REPLY)
		return error_set(err, ERROR_CONFIG,
		    "%s:%u: retry must be soon, later or never: %.*s",
		    reader->origin, reader->line, (int)len, value);
	rule->value[key] = (struct rule_value){.text = value, .len = len};
	*text = value + len + is_quoted;
	rule_skip_space(text, end);
	return 0;
}

static enum rule_key
rule_find_key(const char *name, size_t len)
{
	enum rule_key key = 0;

	while (key < RULE_KEY_COUNT && !text_is(name, len, key_names[key]))
		key++;
	return key;
}

/* Returns the length of the text before one of the bytes ends_with. */
static size_t
rule_word_length(const char *text, const char *end, const char *ends_with)
{
	const char *p = text;

	while (p < end && strchr(ends_with, *p) == NULL)
		p++;
	return (size_t)(p - text);
}
