/* SPDX-License-Identifier: MIT */
/*
 * Reads an error from what a person has copied. It knows no errors itself: they
 * are those of config/endpoint-failures.c.
 */
#include "oauth2/page-error.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "oauth2/redirect.h"

enum {
	SHOWN_MAX = 400,
	WORDS_MIN = 3 /* of a sentence */
};

static const char *page_error_find_query(const char *text);
static bool page_error_explain_query(const char *query,
    const struct endpoint_request *request, struct error *err);
static bool page_error_explain_text(const char *text,
    const struct endpoint_request *request, struct error *err);

bool
page_error_explain(const struct secret *line,
    const struct endpoint_request *request, struct error *err)
{
	const char *text = secret_bytes(line);
	const char *query;

	text += strspn(text, " \t");
	query = page_error_find_query(text);
	if (query != NULL)
		return page_error_explain_query(query, request, err);
	/* Other URLs contain names of parameters, which are no errors. */
	if (text_has_prefix(text, "http") || strchr(text, '&') != NULL)
		return false;
	return page_error_explain_text(text, request, err);
}

bool
page_error_is_sentence(const struct secret *line)
{
	const char *text = secret_bytes(line);
	unsigned words = 0;

	if (strstr(text, "://") != NULL || strpbrk(text, "=&") != NULL)
		return false;
	for (const char *at = text; *at != '\0'; at++) {
		unsigned char c = (unsigned char)*at;
		bool begins = at == text || at[-1] == ' ' || at[-1] == '\t';

		words += begins && (isalpha(c) || c >= 0x80);
	}
	return words >= WORDS_MIN;
}

void
page_error_quote(const struct secret *line,
    const struct endpoint_request *request, struct error *err)
{
	char shown[SHOWN_MAX];

	text_printable(shown, sizeof shown, secret_bytes(line),
	    secret_len(line));
	error_set(err, ERROR_AUTH, "the sign-in failed in the browser: %s",
	    shown);
	error_hint(err,
	    "sign in again: postrider login %s; if a page shows an error, "
	    "paste its code (such as AADSTS50011 or Error 400: ...), its text "
	    "or the URL of the page; if it shows none, paste the URL of the "
	    "final page",
	    request->account != NULL ? request->account : "");
	error_set_cause(err, "interaction-due");
}

/* The parameter "error" in a URL or a part of it, and what follows; or NULL. */
static const char *
page_error_find_query(const char *text)
{
	const char *at = strstr(text, "error=");

	while (at != NULL && at != text && strchr("?#&", at[-1]) == NULL)
		at = strstr(at + 1, "error=");
	return at;
}

static bool
page_error_explain_query(const char *query,
    const struct endpoint_request *request, struct error *err)
{
	struct redirect redirect;
	const struct secret *error;
	bool is_known = false;

	redirect_init(&redirect);
	if (redirect_parse(&redirect, query, strcspn(query, "# \t"), err) ==
		0 &&
	    redirect.value[REDIRECT_ERROR] != NULL &&
	    redirect_check_result(&redirect, NULL, false, err) == -1) {
		error = redirect.value[REDIRECT_ERROR];
		endpoint_failure_explain(err, secret_bytes(error), request);
		is_known = err->cause != NULL;
	}
	redirect_done(&redirect);
	return is_known;
}

static bool
page_error_explain_text(const char *text,
    const struct endpoint_request *request, struct error *err)
{
	char shown[SHOWN_MAX];

	text_printable(shown, sizeof shown, text, strlen(text));
	error_set(err, ERROR_AUTH, "the sign-in failed in the browser: %s",
	    shown);
	endpoint_failure_explain(err, endpoint_failure_find_error(shown),
	    request);
	return err->cause != NULL;
}
