/* SPDX-License-Identifier: MIT */
/*
 * Writes the pages. They load nothing and contain no scripts, so that they
 * comply with the strict Content-Security-Policy in loopback.c.
 */
#include "oauth2/result-page.h"

#include <string.h>

struct page_style {
	unsigned status;
	const char *colour; /* of the symbol above the title */
	const char *symbol;
	const char *title;
	const char *text;
};

static const char good[] = "#1a7f37";
static const char bad[] = "#c62828";
static const char plain[] = "#6b7280";

static const struct page_style page_styles[RESULT_PAGE_KIND_COUNT] = {
    [RESULT_PAGE_SIGNED_IN] = {200, good, "&#10003;", "You are signed in",
	"You can close this window and return to the terminal."},
    [RESULT_PAGE_DECLINED] = {403, plain, "&#8211;", "The sign-in was declined",
	"Nothing was stored. You can close this window; the terminal shows "
	"what to do next."},
    [RESULT_PAGE_FAILED] = {502, bad, "!", "The sign-in failed",
	"You can close this window; the terminal shows what to do next."},
    [RESULT_PAGE_WRONG_ISSUER] = {403, bad, "!",
	"This response cannot be trusted",
	"It comes from a different server than expected, so the sign-in was "
	"stopped. You can close this window; the terminal shows the details."},
    [RESULT_PAGE_FOREIGN] = {400, bad, "!",
	"This response does not belong to the current sign-in",
	"It was ignored. You can close this window. To sign in, open the page "
	"that the terminal shows."},
    [RESULT_PAGE_OVER] = {410, plain, "&#8211;", "This sign-in has ended",
	"It has already received a response. You can close this window and "
	"return to the terminal."},
    [RESULT_PAGE_NOT_FOUND] = {404, plain, "?", "Page not found",
	"Only the response to a sign-in is accepted at this address."},
    [RESULT_PAGE_WRONG_HOST] = {421, bad, "!", "Wrong address",
	"Only requests for the address that the sign-in uses are accepted."},
    [RESULT_PAGE_WRONG_METHOD] = {405, bad, "!", "Method not allowed",
	"Only GET is accepted for the response to a sign-in."},
};

static const char page_head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n";

static const char page_css[] =
    "<style>\n"
    ":root { --back: #f3f4f6; --card: #fff; --ink: #1f2328;"
    " --soft: #57606a; --line: #d8dee4; }\n"
    "@media (prefers-color-scheme: dark) { :root { --back: #0d1117;"
    " --card: #161b22; --ink: #e6edf3; --soft: #9198a1;"
    " --line: #30363d; } }\n"
    "body { margin: 0; min-height: 100vh; display: grid;"
    " place-items: center; background: var(--back); color: var(--ink);"
    " font: 17px/1.5 system-ui, sans-serif; }\n"
    "main { box-sizing: border-box; width: 30em;"
    " max-width: calc(100vw - 2em); padding: 2.5em; text-align: center;"
    " background: var(--card); border: 1px solid var(--line);"
    " border-radius: 14px; box-shadow: 0 4px 24px rgb(0 0 0 / 8%); }\n"
    ".sign { width: 2.2em; height: 2.2em; margin: 0 auto; color: #fff;"
    " border-radius: 50%; font: bold 1.5em/2.2em system-ui, sans-serif; }\n"
    "h1 { margin: .8em 0 .3em; font-size: 1.4em; line-height: 1.3;"
    " text-wrap: balance; }\n"
    "p { margin: 0; color: var(--soft); text-wrap: balance; }\n"
    ".detail { margin-top: 1.4em; padding: .8em 1em; text-align: left;"
    " font: .8em/1.5 ui-monospace, monospace; overflow-wrap: anywhere;"
    " text-wrap: wrap;"
    " border-radius: 8px; background: var(--back); }\n"
    "footer { margin-top: 2em; font-size: .8em; color: var(--soft); }\n"
    "</style>\n"
    "</head>\n";

static int result_page_write_detail(const char *detail, struct buf *html,
    struct error *err);

struct result_page
result_page_for_error(enum result_page_kind kind, const struct error *err)
{
	struct result_page page = {.kind = kind};

	memcpy(page.detail, err->message, sizeof page.detail);
	return page;
}

unsigned
result_page_status(enum result_page_kind kind)
{
	return page_styles[kind].status;
}

int
result_page_write(const struct result_page *page, struct buf *html,
    struct error *err)
{
	const struct page_style *style = &page_styles[page->kind];

	if (buf_add_text(html, page_head, err) == -1 ||
	    buf_addf(html, err, "<title>%s - postrider</title>\n",
		style->title) == -1 ||
	    buf_add_text(html, page_css, err) == -1 ||
	    buf_addf(html, err,
		"<body>\n<main>\n"
		"<div class=\"sign\" style=\"background: %s\" "
		"aria-hidden=\"true\">%s</div>\n"
		"<h1>%s</h1>\n<p>%s</p>\n",
		style->colour, style->symbol, style->title,
		style->text) == -1 ||
	    result_page_write_detail(page->detail, html, err) == -1)
		return -1;
	return buf_add_text(html,
	    "<footer>postrider</footer>\n</main>\n</body>\n</html>\n", err);
}

int
result_page_escape(struct buf *html, const char *text, struct error *err)
{
	static const char special[] = "&<>\"'";
	static const char *const entities[] = {"&amp;", "&lt;", "&gt;",
	    "&quot;", "&#39;"};

	for (;;) {
		size_t len = strcspn(text, special);

		if (buf_add(html, text, len, err) == -1)
			return -1;
		text += len;
		if (*text == '\0')
			return 0;
		if (buf_add_text(html,
			entities[strchr(special, *text) - special], err) == -1)
			return -1;
		text++;
	}
}

static int
result_page_write_detail(const char *detail, struct buf *html,
    struct error *err)
{
	if (*detail == '\0')
		return 0;
	if (buf_add_text(html, "<p class=\"detail\">", err) == -1 ||
	    result_page_escape(html, detail, err) == -1)
		return -1;
	return buf_add_text(html, "</p>\n", err);
}
