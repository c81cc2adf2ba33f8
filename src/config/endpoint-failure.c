/* SPDX-License-Identifier: MIT */
/*
 * Finds the row of an endpoint's error: by its code, by Microsoft's number and
 * by words of its description.
 */
#include "config/endpoint-failure.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

static const struct endpoint_failure *failure_find(const char *message,
    const char *error);
static long failure_number(const char *message);
static bool failure_has_number(const struct endpoint_failure *row, long number);
static bool failure_says(const char *message, const char *parts);
static void failure_set_hint(struct error *err, const char *hint,
    const char *account);

int
endpoint_failure_explain(struct error *err, const char *error,
    const char *account)
{
	static const enum error_code codes[] = {
	    [ENDPOINT_REFUSED] = ERROR_AUTH,
	    [ENDPOINT_OVER] = ERROR_AUTH,
	    [ENDPOINT_SOON] = ERROR_TEMPORARY,
	    [ENDPOINT_LATER] = ERROR_LATER,
	};
	const struct endpoint_failure *row = failure_find(err->message, error);

	if (row == NULL)
		return -1;
	if (err->code == ERROR_AUTH)
		err->code = codes[row->outcome];
	failure_set_hint(err, row->hint, account);
	return error_set_cause(err, row->cause);
}

bool
endpoint_failure_ends_sign_in(const struct error *err, const char *error)
{
	const struct endpoint_failure *row = failure_find(err->message, error);

	return err->code == ERROR_AUTH && row != NULL &&
	    row->outcome == ENDPOINT_OVER;
}

static const struct endpoint_failure *
failure_find(const char *message, const char *error)
{
	long number = failure_number(message);
	const struct endpoint_failure *row = endpoint_failures;

	for (; row->cause != NULL; row++) {
		if (row->error != NULL &&
		    (error == NULL || !text_equals(row->error, error)))
			continue;
		if (failure_has_number(row, number) &&
		    (row->says == NULL || failure_says(message, row->says)))
			return row;
	}
	return NULL;
}

/* The number of "AADSTS70008: ...". The first counts, unless it only says that
 * another follows; the message may quote more. 0: there is none. */
static long
failure_number(const char *message)
{
	enum {
		ERROR_VALIDATING_CREDENTIALS = 70002
	};
	static const char mark[] = "AADSTS";
	const char *at = message;
	long first = 0;

	while ((at = strstr(at, mark)) != NULL) {
		long number = strtol(at + strlen(mark), NULL, 10);

		if (number != ERROR_VALIDATING_CREDENTIALS)
			return number;
		first = number;
		at += strlen(mark);
	}
	return first;
}

static bool
failure_has_number(const struct endpoint_failure *row, long number)
{
	if (row->number[0].from == 0)
		return true;
	for (size_t i = 0; i < ENDPOINT_NUMBERS_MAX; i++) {
		long from = row->number[i].from;
		long to = row->number[i].to;

		if (from != 0 && number >= from &&
		    number <= (to != 0 ? to : from))
			return true;
	}
	return false;
}

/* Not in the URL before the first ": ". */
static bool
failure_says(const char *message, const char *parts)
{
	const char *said = strstr(message, ": ");

	message = said != NULL ? said : message;
	while (*parts != '\0') {
		size_t len = strcspn(parts, "|");

		for (const char *at = message; *at != '\0'; at++) {
			if (strncasecmp(at, parts, len) == 0)
				return true;
		}
		parts += len + (parts[len] == '|');
	}
	return false;
}

static void
failure_set_hint(struct error *err, const char *hint, const char *account)
{
	const char *mark = strstr(hint, "%s");

	if (mark == NULL)
		error_hint(err, "%s", hint);
	else
		error_hint(err, "%.*s%s%s", (int)(mark - hint), hint, account,
		    mark + strlen("%s"));
}
