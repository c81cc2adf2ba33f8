/* SPDX-License-Identifier: MIT */
/*
 * Parses the forms of values: times, rates, yes or no, bare addresses.
 */
#include "config/setting-forms.h"

#include <string.h>

#include "base/text.h"

enum {
	DIGITS_SIZE = 24
};

static const char *take_digits(const char *text, char out[DIGITS_SIZE]);

int
setting_form_duration(const char *text, unsigned long max,
    unsigned long *ret_ms)
{
	static const struct {
		const char *name;
		unsigned long ms;
	} units[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60000},
	    {"h", 3600000}, {"d", 86400000}};
	char digits[DIGITS_SIZE];
	const char *unit = take_digits(text, digits);
	uint64_t number;

	if (unit == NULL)
		return -1;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (!text_equals(unit, units[i].name))
			continue;
		if (text_number(digits, max / units[i].ms, &number) == -1)
			return -1;
		*ret_ms = (unsigned long)number * units[i].ms;
		return 0;
	}
	return -1;
}

int
setting_form_rate(const char *text, unsigned long max,
    unsigned long *ret_number, int64_t *ret_period_s)
{
	static const struct {
		const char *name;
		int64_t period_s;
	} periods[] = {{"/m", 60}, {"/h", 3600}, {"/d", 86400}};
	char digits[DIGITS_SIZE];
	const char *unit = take_digits(text, digits);
	uint64_t number;

	if (unit == NULL)
		return -1;
	for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
		if (!text_equals(unit, periods[i].name))
			continue;
		if (text_number(digits, max, &number) == -1 || number == 0)
			return -1;
		*ret_number = (unsigned long)number;
		*ret_period_s = periods[i].period_s;
		return 0;
	}
	return -1;
}

int
setting_form_bool(const char *text, bool *ret_truth)
{
	static const struct {
		const char *word;
		bool truth;
	} words[] = {{"yes", true}, {"no", false}, {"true", true},
	    {"false", false}, {"on", true}, {"off", false}, {"1", true},
	    {"0", false}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (text_equals(text, words[i].word)) {
			*ret_truth = words[i].truth;
			return 0;
		}
	}
	return -1;
}

bool
setting_form_is_address(const char *text, size_t len)
{
	size_t at = len;

	while (at > 0 && text[at - 1] != '@') {
		if (strchr(" \"<>", text[at - 1]) != NULL)
			return false;
		at--;
	}
	return at > 1 && at < len && memchr(text, '<', at) == NULL;
}

bool
setting_form_is_directory(const char *text, size_t len)
{
	return (len > 0 && *text == '/') || text_is(text, len, "~") ||
	    (len > 1 && strncmp(text, "~/", 2) == 0);
}

/* Copies the number that text begins with, and returns what follows; NULL: it
 * is too long. */
static const char *
take_digits(const char *text, char out[DIGITS_SIZE])
{
	size_t len = strspn(text, "0123456789");

	if (len >= DIGITS_SIZE)
		return NULL;
	memcpy(out, text, len);
	out[len] = '\0';
	return text + len;
}
