/* SPDX-License-Identifier: MIT */
/*
 * Checks the values of rules. Does not match rules against failures.
 */
#include "submit/rule-check.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "submit/evidence.h"
#include "submit/remedy-mark.h"

enum {
	WORDS_SIZE = 160
};

/* What the elements of a list may be. */
struct element_type {
	bool (*is_valid)(const char *element, size_t len);
	const char *const *words; /* else: one of these */
	size_t word_count;
	const char *form; /* for the message, if there are no words */
};

static bool is_code(const char *element, size_t len);
static bool is_enhanced(const char *element, size_t len);
static bool is_errno(const char *element, size_t len);
static bool is_port(const char *element, size_t len);
static bool is_name(const char *element, size_t len);
static int check_list(const struct rule_value *list, enum rule_key key,
    const struct rule_reader *reader, struct error *err);
static bool element_is_valid(const struct element_type *type,
    const char *element, size_t len);
static void describe_elements(const struct element_type *type,
    char out[WORDS_SIZE]);
static int check_pattern(const struct rule_value *pattern,
    const struct rule_reader *reader, const struct vocabulary *vocabulary,
    struct error *err);
static int check_marks(const struct rule_value *hint,
    const struct rule_reader *reader, struct error *err);

static const char *const steps[] = {"name", "connect", "greeting", "ehlo",
    "starttls", "tls", "auth", "mail", "rcpt", "data", "message"};
static const char *const sign_ins[] = {"password", "oauth2", "none"};
static const char *const grants[] = {"authorization-code", "device-code",
    "client-credentials"};
static const char *const kinds[] = {"password", "app-password", "key", "oauth2",
    "unknown"};
static const char *const addresses[] = {"private", "loopback", "unspecified"};
static const char *const tls_modes[] = {"starttls", "implicit", "none"};

#define WORDS(list) NULL, (list), sizeof(list) / sizeof *(list), NULL

static const struct element_type types[RULE_KEY_COUNT] = {
    [RULE_AT] = {WORDS(steps)},
    [RULE_CODE] = {is_code, NULL, 0, "a code such as 550 or 5xx"},
    [RULE_ENHANCED] = {is_enhanced, NULL, 0, "a code such as 5.7.1 or x.7.x"},
    [RULE_ERRNO] = {is_errno, NULL, 0, "a name such as ECONNREFUSED"},
    [RULE_PROVIDER] = {is_name, NULL, 0, "a name"},
    [RULE_SIGN_IN] = {WORDS(sign_ins)},
    [RULE_GRANT] = {WORDS(grants)},
    [RULE_TAKES] = {WORDS(kinds)},
    [RULE_MECHANISM] = {is_name, NULL, 0, "a name"},
    [RULE_ADDRESS] = {WORDS(addresses)},
    [RULE_PORT] = {is_port, NULL, 0, "a number"},
    [RULE_TLS] = {WORDS(tls_modes)},
};

int
rule_check(const struct rule *rule, const struct rule_reader *reader,
    const struct vocabulary *vocabulary, struct error *err)
{
	const struct rule_value *value = rule->value;

	for (enum rule_key key = 0; key < RULE_KEY_COUNT; key++) {
		if (value[key].text == NULL)
			continue;
		if (value[key].len == 0)
			return error_set(err, ERROR_CONFIG,
			    "%s:%u: %s has no value", reader->origin,
			    reader->line, rule_key_name(key));
		if ((types[key].is_valid != NULL || types[key].words != NULL) &&
		    check_list(&value[key], key, reader, err) == -1)
			return -1;
	}
	if (value[RULE_SAYS].text != NULL &&
	    check_pattern(&value[RULE_SAYS], reader, vocabulary, err) == -1)
		return -1;
	return value[RULE_HINT].text != NULL
	    ? check_marks(&value[RULE_HINT], reader, err)
	    : 0;
}

static int
check_list(const struct rule_value *list, enum rule_key key,
    const struct rule_reader *reader, struct error *err)
{
	const char *end = list->text + list->len;
	char expected[WORDS_SIZE];

	for (const char *element = list->text; element <= end;) {
		const char *comma =
		    memchr(element, ',', (size_t)(end - element));
		size_t len = (size_t)((comma != NULL ? comma : end) - element);

		if (!element_is_valid(&types[key], element, len)) {
			describe_elements(&types[key], expected);
			return error_set(err, ERROR_CONFIG,
			    "%s:%u: invalid %s=%.*s; use %s", reader->origin,
			    reader->line, rule_key_name(key), (int)len, element,
			    expected);
		}
		element += len + 1;
	}
	return 0;
}

static bool
element_is_valid(const struct element_type *type, const char *element,
    size_t len)
{
	if (type->is_valid != NULL)
		return type->is_valid(element, len);
	for (size_t i = 0; i < type->word_count; i++) {
		if (text_is(element, len, type->words[i]))
			return true;
	}
	return false;
}

/* "one", "one or two", "one, two or three" */
static void
describe_elements(const struct element_type *type, char out[WORDS_SIZE])
{
	size_t used = (size_t)snprintf(out, WORDS_SIZE, "%s",
	    type->form != NULL ? type->form : "");

	for (size_t i = 0; i < type->word_count && used < WORDS_SIZE; i++)
		used += (size_t)snprintf(out + used, WORDS_SIZE - used, "%s%s",
		    i == 0                          ? ""
			: i + 1 == type->word_count ? " or "
						    : ", ",
		    type->words[i]);
}

static bool
is_code(const char *element, size_t len)
{
	return len == 3 && element[0] >= '2' && element[0] <= '5' &&
	    ((element[1] == 'x' && element[2] == 'x') ||
		(isdigit((unsigned char)element[1]) &&
		    isdigit((unsigned char)element[2])));
}

/* Three numbers, each of which may be "x". */
static bool
is_enhanced(const char *element, size_t len)
{
	unsigned parts = 0;
	size_t at = 0;

	while (at < len) {
		size_t digits = strspn(element + at, "0123456789");

		if (digits == 0 && element[at] == 'x')
			digits = 1;
		if (digits == 0 || digits > 3 || ++parts > 3)
			return false;
		at += digits;
		if (at < len && element[at++] != '.')
			return false;
	}
	return parts == 3 && element[len - 1] != '.';
}

static bool
is_errno(const char *element, size_t len)
{
	return evidence_knows_errno(element, len);
}

static bool
is_port(const char *element, size_t len)
{
	return len > 0 && len <= 5 && strspn(element, "0123456789") >= len;
}

static bool
is_name(const char *element, size_t len)
{
	(void)element;
	return len > 0;
}

/* The lists of words that are named must exist. */
static int
check_pattern(const struct rule_value *pattern,
    const struct rule_reader *reader, const struct vocabulary *vocabulary,
    struct error *err)
{
	const char *end = pattern->text + pattern->len;
	const char *at = pattern->text;

	while ((at = memchr(at, '$', (size_t)(end - at))) != NULL) {
		size_t len = strcspn(at + 1, " \t\r\n|\"");

		if (!vocabulary_names(vocabulary, at + 1, len))
			return error_set(err, ERROR_CONFIG,
			    "%s:%u: unknown list of words: %.*s",
			    reader->origin, reader->line, (int)len + 1, at);
		at++;
	}
	return 0;
}

static int
check_marks(const struct rule_value *hint, const struct rule_reader *reader,
    struct error *err)
{
	const char *end = hint->text + hint->len;
	const char *at = hint->text;

	while ((at = memchr(at, '{', (size_t)(end - at))) != NULL) {
		const char *close = memchr(at, '}', (size_t)(end - at));
		size_t len = (size_t)((close != NULL ? close + 1 : end) - at);

		if (!remedy_mark_is_known(at, len))
			return error_set(err, ERROR_CONFIG,
			    "%s:%u: unknown placeholder in hint: %.*s",
			    reader->origin, reader->line, (int)len, at);
		at++;
	}
	return 0;
}
