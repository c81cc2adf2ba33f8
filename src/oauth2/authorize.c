/* SPDX-License-Identifier: MIT */
/*
 * The story of one sign-in by the browser, and all that it says to the person.
 * Doesn't know tokens: whoever asked exchanges the code.
 */
#include "oauth2/authorize.h"

#include "base/clock.h"
#include "config/endpoint-hint.h"
#include "oauth2/authorize-url.h"
#include "oauth2/browser.h"
#include "oauth2/loopback.h"
#include "oauth2/result-page.h"
#include "oauth2/paste.h"
#include "oauth2/pkce.h"
#include "oauth2/redirect.h"

enum {
	FAREWELL_MS = 2000,   /* for the last page to reach the browser */
	FOREIGN_REPORTED = 5, /* a nuisance shall not fill the terminal */
	MS_PER_SECOND = 1000,
	S_PER_MINUTE = 60
};

/* One sign-in under way. */
struct attempt {
	const struct authorization_request *request;
	struct secret *state;
	struct secret *verifier;
	struct loopback *loopback;
	struct paste paste;
	unsigned foreign; /* answers that weren't to us */
	bool over;        /* what result and err say then is final */
	int result;
	struct error err;
};

static int begin(struct attempt *attempt, struct error *err);
static void done(struct attempt *attempt);
static int wait_for_answer(struct attempt *attempt, struct error *err);
static int out_of_time(const struct attempt *attempt, int64_t waited_ms,
    struct error *err);
static void invite(const struct attempt *attempt, const struct secret *url,
    bool opened);
static void on_answer(void *context, const char *query, size_t len,
    struct result_page *ret_page);
static void report_foreign(struct attempt *attempt, const char *why);
static bool on_line(void *context, const struct secret *line);
static bool judge(struct attempt *attempt, const char *query, size_t len,
    struct result_page *ret_page);
static void conclude(struct attempt *attempt, const struct redirect *redirect,
    struct result_page *ret_page);
static void advise(const struct authorization_request *request,
    const struct redirect *redirect, struct error *err);
static enum result_page_kind kind_of(const struct redirect *redirect,
    const struct error *err);

int
authorize(const struct authorization_request *request, struct error *err)
{
	struct attempt attempt = {.request = request};
	struct secret *url = secret_new(err);
	pid_t browser = 0;
	bool opened;
	int result = -1;

	paste_init(&attempt.paste, request->paste_fd);
	if (url == NULL || begin(&attempt, err) == -1 ||
	    authorize_url(url, request, loopback_uri(attempt.loopback),
		attempt.state, attempt.verifier, err) == -1)
		goto out;
	opened =
	    !request->paste_only && browser_open(secret_bytes(url), &browser);
	invite(&attempt, url, opened);
	result = wait_for_answer(&attempt, err);
	if (opened)
		browser_release(browser);
out:
	secret_free(url);
	done(&attempt);
	return result;
}

static int
begin(struct attempt *attempt, struct error *err)
{
	const struct authorization_request *request = attempt->request;
	const struct loopback_callback owner = {on_answer, attempt};
	const char *path = request->redirect_path;

	attempt->state = pkce_random(err);
	if (attempt->state == NULL)
		return -1;
	attempt->verifier = pkce_random(err);
	if (attempt->verifier == NULL)
		return -1;
	attempt->loopback = loopback_new(request->redirect_host,
	    path == NULL ? "/" : path, &owner, err);
	return attempt->loopback == NULL ? -1 : 0;
}

static void
done(struct attempt *attempt)
{
	loopback_free(attempt->loopback);
	paste_done(&attempt->paste);
	secret_free(attempt->verifier);
	secret_free(attempt->state);
}

static int
wait_for_answer(struct attempt *attempt, struct error *err)
{
	const struct paste_callback owner = {on_line, attempt};
	int64_t deadline_ms = attempt->request->deadline_ms;
	int64_t start_ms = clock_now_ms();
	bool readable = false;

	while (!attempt->over) {
		if (clock_left_ms(deadline_ms) == 0)
			return out_of_time(attempt, deadline_ms - start_ms,
			    err);
		if (loopback_serve(attempt->loopback, attempt->paste.fd,
			deadline_ms, &readable, err) == -1)
			return -1;
		if (readable && !attempt->over &&
		    paste_read(&attempt->paste, &owner, err) == -1)
			return -1;
	}
	loopback_finish(attempt->loopback, clock_now_ms() + FAREWELL_MS);
	if (attempt->result == -1)
		*err = attempt->err;
	return attempt->result;
}

static int
out_of_time(const struct attempt *attempt, int64_t waited_ms, struct error *err)
{
	int64_t seconds = (waited_ms + MS_PER_SECOND - 1) / MS_PER_SECOND;
	bool is_long = seconds >= 2 * S_PER_MINUTE;

	error_set(err, ERROR_AUTH, "no answer from the browser within %d %s",
	    (int)(is_long ? seconds / S_PER_MINUTE : seconds),
	    is_long ? "minutes" : "s");
	if (attempt->request->paste_fd == -1)
		return error_hint(err,
		    "sign in again, with a browser on this machine");
	return error_hint(err,
	    "sign in again; if the browser ends at a page that it can't show, "
	    "paste the address of that page here");
}

static void
invite(const struct attempt *attempt, const struct secret *url, bool opened)
{
	FILE *out = attempt->request->out;
	bool can_paste = attempt->paste.fd != -1;

	fputs(opened ? "Sign in with the browser that opens now. If none does, "
		       "open this page:\n\n"
		     : "Open this page in a browser to sign in:\n\n",
	    out);
	/* The state in it is for the server and for people who copy it. */
	fputs(secret_bytes(url), out);
	fputs("\n\n", out);
	if (can_paste && !opened)
		fputs("If the browser is on another machine, it ends at a page "
		      "that it can't show:\nthen paste here the address that "
		      "it ends at.\n\n",
		    out);
	else if (can_paste)
		fputs("If the browser ends at a page that it can't show, paste "
		      "its address here.\n\n",
		    out);
	fputs("Waiting for the browser (Ctrl-C stops) ...\n", out);
	fflush(out);
}

static void
on_answer(void *context, const char *query, size_t len,
    struct result_page *ret_page)
{
	struct attempt *attempt = context;

	if (!judge(attempt, query, len, ret_page))
		report_foreign(attempt, ret_page->detail);
}

static void
report_foreign(struct attempt *attempt, const char *why)
{
	FILE *out = attempt->request->out;

	if (attempt->foreign++ >= FOREIGN_REPORTED)
		return;
	fprintf(out,
	    "Ignored an answer that isn't to this sign-in: %s. Still waiting "
	    "...\n",
	    why);
	fflush(out);
}

static bool
on_line(void *context, const struct secret *line)
{
	struct attempt *attempt = context;
	FILE *out = attempt->request->out;
	const char *place = loopback_place(attempt->loopback);
	struct result_page page = {.detail = ""};
	const char *query;
	size_t len;

	if (!paste_find_query(line, place, &query, &len))
		fprintf(out,
		    "That isn't the address that the browser ends at, which "
		    "begins with\nhttp://%s? - try again:\n",
		    place);
	else if (!judge(attempt, query, len, &page))
		fprintf(out,
		    "That address isn't from this sign-in, or not all of it: "
		    "%s. Try again:\n",
		    page.detail);
	fflush(out);
	return !attempt->over;
}

/* False when the answer isn't to us: the page says why, and all goes on. */
static bool
judge(struct attempt *attempt, const char *query, size_t len,
    struct result_page *ret_page)
{
	struct redirect redirect;
	struct error why;
	bool ours;

	if (attempt->over) {
		ret_page->kind = RESULT_PAGE_OVER;
		return true;
	}
	redirect_init(&redirect);
	ours = redirect_parse(&redirect, query, len, &why) == 0 &&
	    redirect_check_state(&redirect, attempt->state, &why) == 0;
	if (ours)
		conclude(attempt, &redirect, ret_page);
	else
		*ret_page = result_page_for_error(RESULT_PAGE_FOREIGN, &why);
	redirect_done(&redirect);
	return ours;
}

static void
conclude(struct attempt *attempt, const struct redirect *redirect,
    struct result_page *ret_page)
{
	const struct authorization_request *request = attempt->request;
	struct error *err = &attempt->err;

	attempt->over = true;
	attempt->result = redirect_check_result(redirect, request->issuer,
	    request->issuer_required, err);
	if (attempt->result == -1) {
		advise(request, redirect, err);
		*ret_page = result_page_for_error(kind_of(redirect, err), err);
		return;
	}
	attempt->result =
	    request->finish(request->context, redirect->value[REDIRECT_CODE],
		attempt->verifier, loopback_uri(attempt->loopback), err);
	if (attempt->result == -1)
		*ret_page = result_page_for_error(RESULT_PAGE_FAILED, err);
	else
		ret_page->kind = RESULT_PAGE_SIGNED_IN;
}

static void
advise(const struct authorization_request *request,
    const struct redirect *redirect, struct error *err)
{
	const struct secret *error = redirect->value[REDIRECT_ERROR];

	if (request->account != NULL && error != NULL &&
	    err->code == ERROR_AUTH)
		endpoint_hint_add(err, secret_bytes(error), request->account);
}

static enum result_page_kind
kind_of(const struct redirect *redirect, const struct error *err)
{
	if (err->code == ERROR_SECURITY)
		return RESULT_PAGE_WRONG_ISSUER;
	return redirect_is_declined(redirect) ? RESULT_PAGE_DECLINED
					      : RESULT_PAGE_FAILED;
}
