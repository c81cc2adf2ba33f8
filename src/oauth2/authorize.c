/* SPDX-License-Identifier: MIT */
/*
 * Runs one sign-in with the browser, from the authorization URL to the code,
 * and prints the instructions for the person. The caller exchanges the code.
 */
#include "oauth2/authorize.h"

#include "base/clock.h"
#include "oauth2/authorize-url.h"
#include "oauth2/browser.h"
#include "oauth2/loopback.h"
#include "oauth2/page-error.h"
#include "oauth2/result-page.h"
#include "oauth2/paste.h"
#include "oauth2/pkce.h"
#include "oauth2/redirect.h"

enum {
	FAREWELL_MS = 2000,   /* to send the last page to the browser */
	NEXT_LINE_MS = 2000,  /* for the rest of a text that is pasted */
	FOREIGN_REPORTED = 5, /* messages at most */
	MS_PER_SECOND = 1000,
	S_PER_MINUTE = 60
};

/* The state of one sign-in. */
struct browser_sign_in {
	const struct authorization_request *request;
	struct secret *state;
	struct secret *verifier;
	struct loopback *loopback;
	struct paste paste;
	unsigned foreign;       /* redirects that belonged to another sign-in */
	bool is_pasted;         /* the redirect was */
	struct error unknown;   /* the first sentence that no rule knows */
	int64_t unknown_end_ms; /* when it ends the sign-in; 0: there is none */
	bool is_over;           /* result and err are final */
	int result;
	struct error err;
};

static int authorize_begin(struct browser_sign_in *sign_in, struct error *err);
static void authorize_done(struct browser_sign_in *sign_in);
static int authorize_wait(struct browser_sign_in *sign_in, struct error *err);
static int64_t authorize_end_ms(const struct browser_sign_in *sign_in);
static int authorize_timed_out(const struct browser_sign_in *sign_in,
    int64_t waited_ms, struct error *err);
static void authorize_instruct(const struct browser_sign_in *sign_in,
    const struct secret *url, bool opened);
static void authorize_on_redirect(void *context, const char *query, size_t len,
    struct result_page *ret_page);
static void authorize_report_foreign(struct browser_sign_in *sign_in,
    const char *why);
static bool authorize_on_line(void *context, const struct secret *line);
static bool authorize_handle_page_error(struct browser_sign_in *sign_in,
    const struct secret *line);
static bool authorize_handle_redirect(struct browser_sign_in *sign_in,
    const char *query, size_t len, struct result_page *ret_page);
static void authorize_conclude(struct browser_sign_in *sign_in,
    const struct redirect *redirect, struct result_page *ret_page);
static void authorize_add_hint(const struct authorization_request *request,
    const struct redirect *redirect, struct error *err);
static enum result_page_kind
authorize_page_kind(const struct redirect *redirect, const struct error *err);

int
authorize(const struct authorization_request *request, struct error *err)
{
	struct browser_sign_in sign_in = {.request = request};
	struct secret *url = secret_new(err);
	pid_t browser = 0;
	bool opened;
	int result = -1;

	paste_init(&sign_in.paste, request->paste_fd);
	if (url == NULL || authorize_begin(&sign_in, err) == -1 ||
	    authorize_url(url, request, loopback_uri(sign_in.loopback),
		sign_in.state, sign_in.verifier, err) == -1)
		goto out;
	opened =
	    !request->paste_only && browser_open(secret_bytes(url), &browser);
	authorize_instruct(&sign_in, url, opened);
	result = authorize_wait(&sign_in, err);
	if (opened)
		browser_release(browser);
out:
	secret_free(url);
	authorize_done(&sign_in);
	return result;
}

static int
authorize_begin(struct browser_sign_in *sign_in, struct error *err)
{
	const struct authorization_request *request = sign_in->request;
	const struct loopback_callback owner = {authorize_on_redirect, sign_in};
	const char *path = request->redirect_path;

	sign_in->state = pkce_random(err);
	if (sign_in->state == NULL)
		return -1;
	sign_in->verifier = pkce_random(err);
	if (sign_in->verifier == NULL)
		return -1;
	sign_in->loopback = loopback_new(request->redirect_host,
	    path == NULL ? "/" : path, &owner, err);
	return sign_in->loopback == NULL ? -1 : 0;
}

static void
authorize_done(struct browser_sign_in *sign_in)
{
	loopback_free(sign_in->loopback);
	paste_done(&sign_in->paste);
	secret_free(sign_in->verifier);
	secret_free(sign_in->state);
}

static int
authorize_wait(struct browser_sign_in *sign_in, struct error *err)
{
	const struct paste_callback owner = {authorize_on_line, sign_in};
	int64_t deadline_ms = sign_in->request->deadline_ms;
	int64_t start_ms = clock_now_ms();
	bool readable = false;

	while (!sign_in->is_over) {
		int64_t end_ms = authorize_end_ms(sign_in);

		if (clock_left_ms(deadline_ms) == 0)
			return authorize_timed_out(sign_in,
			    deadline_ms - start_ms, err);
		if (clock_left_ms(end_ms) == 0) {
			*err = sign_in->unknown;
			return -1;
		}
		if (loopback_serve(sign_in->loopback, sign_in->paste.fd, end_ms,
			&readable, err) == -1)
			return -1;
		if (readable && !sign_in->is_over &&
		    paste_read(&sign_in->paste, &owner, err) == -1)
			return -1;
	}
	loopback_finish(sign_in->loopback, clock_now_ms() + FAREWELL_MS);
	if (sign_in->result == -1)
		*err = sign_in->err;
	return sign_in->result;
}

/* A sentence that no rule knows ends the sign-in, unless a line that is
 * understood follows at once. */
static int64_t
authorize_end_ms(const struct browser_sign_in *sign_in)
{
	int64_t deadline_ms = sign_in->request->deadline_ms;

	return sign_in->unknown_end_ms == 0
	    ? deadline_ms
	    : clock_earlier_ms(deadline_ms, sign_in->unknown_end_ms);
}

static int
authorize_timed_out(const struct browser_sign_in *sign_in, int64_t waited_ms,
    struct error *err)
{
	int64_t seconds = (waited_ms + MS_PER_SECOND - 1) / MS_PER_SECOND;
	bool in_minutes = seconds >= 2 * S_PER_MINUTE;

	error_set(err, ERROR_AUTH, "no response from the browser within %d %s",
	    (int)(in_minutes ? seconds / S_PER_MINUTE : seconds),
	    in_minutes ? "minutes" : "s");
	error_set_cause(err, "interaction-due");
	if (sign_in->request->paste_fd == -1)
		return error_hint(err,
		    "sign in again with a browser on this computer");
	return error_hint(err,
	    "sign in again; if the browser cannot load the final page, paste "
	    "the URL of that page here; if a page shows an error, paste that");
}

static void
authorize_instruct(const struct browser_sign_in *sign_in,
    const struct secret *url, bool opened)
{
	FILE *out = sign_in->request->out;
	bool can_paste = sign_in->paste.fd != -1;

	fputs(opened ? "Opening the browser to sign in. If it does not open, "
		       "visit this page:\n\n"
		     : "Open this page in a browser to sign in:\n\n",
	    out);
	/* The state in the URL is not secret from the person. */
	fputs(secret_bytes(url), out);
	fputs("\n\n", out);
	if (can_paste && !opened)
		fputs("If the browser is on another computer, it cannot load "
		      "the final page.\nPaste the URL of that page here, or "
		      "the error that a page shows.\n\n",
		    out);
	else if (can_paste)
		fputs("If the browser cannot load the final page, paste the "
		      "URL of that page here;\nif a page shows an error, paste "
		      "that.\n\n",
		    out);
	fputs("Waiting for the browser (press Ctrl-C to cancel) ...\n", out);
	fflush(out);
}

static void
authorize_on_redirect(void *context, const char *query, size_t len,
    struct result_page *ret_page)
{
	struct browser_sign_in *sign_in = context;

	if (!authorize_handle_redirect(sign_in, query, len, ret_page))
		authorize_report_foreign(sign_in, ret_page->detail);
}

static void
authorize_report_foreign(struct browser_sign_in *sign_in, const char *why)
{
	FILE *out = sign_in->request->out;

	if (sign_in->foreign++ >= FOREIGN_REPORTED)
		return;
	fprintf(out,
	    "Ignored a redirect that does not belong to this sign-in: %s. "
	    "Still waiting ...\n",
	    why);
	fflush(out);
}

static bool
authorize_on_line(void *context, const struct secret *line)
{
	struct browser_sign_in *sign_in = context;
	FILE *out = sign_in->request->out;
	const char *place = loopback_place(sign_in->loopback);
	struct result_page page = {.detail = ""};
	const char *query;
	size_t len;
	bool is_ours = paste_find_query(line, place, &query, &len);

	if (!is_ours && authorize_handle_page_error(sign_in, line)) {
		paste_discard(&sign_in->paste);
		return false;
	}
	sign_in->is_pasted = true;
	if (!is_ours)
		fprintf(out,
		    "This is not the URL of the final page, which begins with\n"
		    "http://%s?\nTry again:\n",
		    place);
	else if (!authorize_handle_redirect(sign_in, query, len, &page))
		fprintf(out,
		    "This URL is incomplete or belongs to another sign-in: %s. "
		    "Try again:\n",
		    page.detail);
	fflush(out);
	sign_in->is_pasted = false;
	return !sign_in->is_over;
}

/* Returns false if the line is no error that is known. */
static bool
authorize_handle_page_error(struct browser_sign_in *sign_in,
    const struct secret *line)
{
	const struct endpoint_request *failing = sign_in->request->failing;
	struct error err;

	if (failing == NULL)
		return false;
	if (!page_error_explain(line, failing, &err)) {
		if (sign_in->unknown_end_ms == 0 &&
		    page_error_is_sentence(line)) {
			page_error_quote(line, failing, &sign_in->unknown);
			sign_in->unknown_end_ms = clock_now_ms() + NEXT_LINE_MS;
		}
		return false;
	}
	sign_in->is_over = true;
	sign_in->result = -1;
	sign_in->err = err;
	return true;
}

/* Returns false if the redirect doesn't belong to this sign-in: then the page
 * gives the reason, and waiting continues. */
static bool
authorize_handle_redirect(struct browser_sign_in *sign_in, const char *query,
    size_t len, struct result_page *ret_page)
{
	struct redirect redirect;
	struct error why;
	bool is_ours;

	if (sign_in->is_over) {
		ret_page->kind = RESULT_PAGE_OVER;
		return true;
	}
	redirect_init(&redirect);
	is_ours = redirect_parse(&redirect, query, len, &why) == 0 &&
	    redirect_check_state(&redirect, sign_in->state, &why) == 0;
	if (is_ours)
		authorize_conclude(sign_in, &redirect, ret_page);
	else
		*ret_page = result_page_for_error(RESULT_PAGE_FOREIGN, &why);
	redirect_done(&redirect);
	return is_ours;
}

static void
authorize_conclude(struct browser_sign_in *sign_in,
    const struct redirect *redirect, struct result_page *ret_page)
{
	const struct authorization_request *request = sign_in->request;
	struct error *err = &sign_in->err;

	sign_in->is_over = true;
	sign_in->result = redirect_check_result(redirect, request->issuer,
	    request->issuer_required, err);
	if (sign_in->result == -1) {
		authorize_add_hint(request, redirect, err);
		*ret_page =
		    result_page_for_error(authorize_page_kind(redirect, err),
			err);
		return;
	}
	fprintf(request->out, "%s; getting the token ...\n",
	    sign_in->is_pasted ? "The URL is accepted"
			       : "The browser has signed in");
	fflush(request->out);
	sign_in->result =
	    request->finish(request->context, redirect->value[REDIRECT_CODE],
		sign_in->verifier, loopback_uri(sign_in->loopback), err);
	if (sign_in->result == -1)
		*ret_page = result_page_for_error(RESULT_PAGE_FAILED, err);
	else
		ret_page->kind = RESULT_PAGE_SIGNED_IN;
}

static void
authorize_add_hint(const struct authorization_request *request,
    const struct redirect *redirect, struct error *err)
{
	const struct secret *error = redirect->value[REDIRECT_ERROR];

	if (request->failing != NULL && error != NULL &&
	    err->code == ERROR_AUTH)
		endpoint_failure_explain(err, secret_bytes(error),
		    request->failing);
}

static enum result_page_kind
authorize_page_kind(const struct redirect *redirect, const struct error *err)
{
	if (err->code == ERROR_SECURITY)
		return RESULT_PAGE_WRONG_ISSUER;
	return redirect_is_declined(redirect) ? RESULT_PAGE_DECLINED
					      : RESULT_PAGE_FAILED;
}
