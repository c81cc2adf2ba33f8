/* SPDX-License-Identifier: MIT */
/*
 * Finds the row of an endpoint's error: by its code, by Microsoft's number, by
 * words of its description and by the request. Marks in hints stand for what is
 * known of the request: {account}, {user}, {redirect}, {number}; {login},
 * {login-device} and {login-paste} are commands.
 */
#include "config/endpoint-failure.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"

/* A failure, as the rows are compared with it. */
struct failure {
	const struct endpoint_request *request;
	const char *error; /* or NULL */
	const char *url;   /* the message from its start */
	const char *said;  /* the message without the URL */
	long number;       /* Microsoft's, or 0 */
};

static struct failure failure_read(const char *message, const char *error,
    const struct endpoint_request *request);
static const struct endpoint_failure *failure_find(
    const struct failure *failure);
static bool failure_is(const struct failure *failure,
    const struct endpoint_failure *row);
static bool failure_is_from(const struct failure *failure, const char *parts);
static long failure_number(const char *message);
static bool number_is_in(long number, const char *ranges);
static bool text_has_part(const char *text, size_t text_len, const char *parts);
static bool text_has_word(const char *text, const char *word);
static void failure_set_hint(const struct failure *failure, const char *hint,
    struct error *err);
static int hint_add_mark(struct buf *out, const struct failure *failure,
    const char *name, size_t len, struct error *err);

struct endpoint_request
endpoint_request_of(const struct account *account, enum endpoint_step at)
{
	char *const *text = account->text;
	const char *redirect = account->provider->text[PROVIDER_REDIRECT];

	return (struct endpoint_request){
	    .account = account_label(account),
	    .user = text[SETTING_USER],
	    .provider = account->provider->name,
	    .redirect = redirect != NULL ? redirect : "http://127.0.0.1/",
	    .at = at,
	    .client = text[SETTING_CLIENT_KEY] != NULL ? ENDPOINT_CLIENT_KEY
						       : ENDPOINT_CLIENT_ANY,
	};
}

int
endpoint_failure_explain(struct error *err, const char *error,
    const struct endpoint_request *request)
{
	static const enum error_code codes[] = {
	    [ENDPOINT_REFUSED] = ERROR_AUTH,
	    [ENDPOINT_OVER] = ERROR_AUTH,
	    [ENDPOINT_SOON] = ERROR_TEMPORARY,
	    [ENDPOINT_LATER] = ERROR_LATER,
	};
	struct failure failure = failure_read(err->message, error, request);
	const struct endpoint_failure *row = failure_find(&failure);

	if (row == NULL)
		return -1;
	if (err->code == ERROR_AUTH)
		err->code = codes[row->outcome];
	failure_set_hint(&failure, row->hint, err);
	return error_set_cause(err, row->cause);
}

bool
endpoint_failure_ends_sign_in(const struct error *err, const char *error,
    const struct endpoint_request *request)
{
	struct failure failure = failure_read(err->message, error, request);
	const struct endpoint_failure *row = failure_find(&failure);

	return err->code == ERROR_AUTH && row != NULL &&
	    row->outcome == ENDPOINT_OVER;
}

const char *
endpoint_failure_find_error(const char *text)
{
	const struct endpoint_failure *row = endpoint_failures;

	for (; row->cause != NULL; row++) {
		if (row->error != NULL && text_has_word(text, row->error))
			return row->error;
	}
	return NULL;
}

static struct failure
failure_read(const char *message, const char *error,
    const struct endpoint_request *request)
{
	const char *said = strstr(message, ": ");

	return (struct failure){
	    .request = request,
	    .error = error,
	    .url = message,
	    .said = said != NULL ? said : message,
	    .number = failure_number(message),
	};
}

static const struct endpoint_failure *
failure_find(const struct failure *failure)
{
	const struct endpoint_failure *row = endpoint_failures;

	for (; row->cause != NULL; row++) {
		if (failure_is(failure, row))
			return row;
	}
	return NULL;
}

static bool
failure_is(const struct failure *failure, const struct endpoint_failure *row)
{
	const struct endpoint_request *request = failure->request;

	if (row->error != NULL &&
	    (failure->error == NULL ||
		!text_equals(row->error, failure->error)))
		return false;
	if (row->at != 0 && (row->at & (unsigned)request->at) == 0)
		return false;
	if (row->client != ENDPOINT_CLIENT_ANY &&
	    row->client != request->client)
		return false;
	if (row->number != NULL && !number_is_in(failure->number, row->number))
		return false;
	if (row->from != NULL && !failure_is_from(failure, row->from))
		return false;
	return row->says == NULL ||
	    text_has_part(failure->said, strlen(failure->said), row->says);
}

static bool
failure_is_from(const struct failure *failure, const char *parts)
{
	const char *provider = failure->request->provider;
	size_t url_len = (size_t)(failure->said - failure->url);

	return text_has_part(failure->url, url_len, parts) ||
	    (provider != NULL &&
		text_has_part(provider, strlen(provider), parts));
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
number_is_in(long number, const char *ranges)
{
	while (*ranges != '\0') {
		char *end;
		long from = strtol(ranges, &end, 10);
		long to = from;
		bool is_open = end[0] == '-' && !isdigit((unsigned char)end[1]);

		if (*end == '-')
			to = strtol(end + 1, is_open ? NULL : &end, 10);
		if (number >= from && (is_open || number <= to))
			return true;
		ranges = end + strspn(end, "- ");
	}
	return false;
}

static bool
text_has_part(const char *text, size_t text_len, const char *parts)
{
	while (*parts != '\0') {
		size_t len = strcspn(parts, "|");

		for (size_t i = 0; i + len <= text_len; i++) {
			if (strncasecmp(text + i, parts, len) == 0)
				return true;
		}
		parts += len + (parts[len] == '|');
	}
	return false;
}

static bool
text_has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; *at != '\0'; at++) {
		bool begins = at == text ||
		    (!isalnum((unsigned char)at[-1]) && at[-1] != '_');

		if (begins && strncasecmp(at, word, len) == 0 &&
		    !isalnum((unsigned char)at[len]) && at[len] != '_')
			return true;
	}
	return false;
}

static void
failure_set_hint(const struct failure *failure, const char *hint,
    struct error *err)
{
	struct buf out;
	struct error ignored;
	int result = 0;

	buf_init(&out, ERROR_HINT_SIZE);
	while (*hint != '\0' && result == 0) {
		size_t len = strcspn(hint, "{");

		result = buf_add(&out, hint, len, &ignored);
		hint += len;
		if (*hint != '{' || result == -1)
			continue;
		len = strcspn(++hint, "}");
		result = hint_add_mark(&out, failure, hint, len, &ignored);
		hint += len + 1;
	}
	if (result == 0)
		error_hint(err, "%s", out.data);
	buf_done(&out);
}

static int
hint_add_mark(struct buf *out, const struct failure *failure, const char *name,
    size_t len, struct error *err)
{
	const struct endpoint_request *request = failure->request;
	const struct {
		const char *name;
		const char *before;
		const char *value;
		const char *otherwise;
	} marks[] = {
	    {"account", "", request->account, "the account"},
	    {"user", "", request->user, "the user"},
	    {"redirect", "", request->redirect, "http://localhost"},
	    {"login", "postrider login ", request->account, ""},
	    {"login-device", "postrider login --device ", request->account, ""},
	    {"login-paste", "postrider login --paste ", request->account, ""},
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (!text_is(name, len, marks[i].name))
			continue;
		return buf_add_text(out, marks[i].before, err) == -1
		    ? -1
		    : buf_add_text(out,
			  marks[i].value != NULL ? marks[i].value
						 : marks[i].otherwise,
			  err);
	}
	return buf_addf(out, err, "%ld", failure->number);
}
