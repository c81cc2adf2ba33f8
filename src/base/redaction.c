/* SPDX-License-Identifier: MIT */
/*
 * Compares a text with secrets, both without case and white space, the text
 * also without escapes. The author of the text may be hostile.
 */
#include "base/redaction.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/redaction-form.h"

enum {
	WORD_LEN_MAX = 3 /* of forms that must be a whole word */
};

static const char marker[] = "<redacted>";

struct span {
	size_t start;
	size_t end;
};

/* A text as it is compared, and where each of its bytes comes from. */
struct view {
	char *bytes;
	struct span *source;
	size_t len;
};

static int mark_secrets(const struct redaction *redaction,
    const struct buf *text, enum redaction_text kind, char *marks);
static int view_init(struct view *view, size_t size);
static void view_done(struct view *view);
static void view_fill(struct view *view, const struct buf *text,
    enum redaction_text kind, bool has_escapes);
static size_t reply_code_len(const char *line, size_t len);
static size_t unescape(const char *text, size_t len, unsigned char *ret_byte);
static bool parse_digits(const char *text, size_t count, unsigned base,
    unsigned char *ret_byte);
static void mark_forms(const struct redaction *redaction,
    const struct view *view, const char *text, char *marks);
static void mark_runs(const struct run_set *runs, const struct view *view,
    const char *text, char *marks);
static void mark_short_form(const struct view *view, const char *form,
    size_t len, const char *text, char *marks);
static bool is_word(const struct span *span, const char *text);
static void mark_span(const struct view *view, size_t first, size_t count,
    const char *text, char *marks);
static int replace_marked(struct buf *text, const char *marks,
    struct error *err);

int
redaction_apply(const struct redaction *redaction, struct buf *text,
    enum redaction_text kind, struct error *err)
{
	char *marks;
	int result = 0;

	if ((redaction->forms == NULL && !redaction->is_incomplete) ||
	    text->len == 0)
		return 0;
	marks = calloc(text->len, 1);
	if (marks == NULL || mark_secrets(redaction, text, kind, marks) == -1)
		result = error_no_memory(err);
	else if (memchr(marks, 1, text->len) != NULL)
		result = replace_marked(text, marks, err);
	free(marks);
	if (result == -1) {
		secret_wipe(text->data, text->len);
		buf_clear(text);
	}
	return result;
}

/* Escapes are tried in a second view, because a secret may look like one. */
static int
mark_secrets(const struct redaction *redaction, const struct buf *text,
    enum redaction_text kind, char *marks)
{
	struct view view;

	if (view_init(&view, text->len) == -1)
		return -1;
	for (int has_escapes = 0; has_escapes < 2; has_escapes++) {
		view_fill(&view, text, kind, has_escapes == 1);
		mark_forms(redaction, &view, text->data, marks);
	}
	view_done(&view);
	return 0;
}

static int
view_init(struct view *view, size_t size)
{
	view->len = 0;
	view->bytes = malloc(size);
	view->source = calloc(size, sizeof *view->source);
	if (view->bytes != NULL && view->source != NULL)
		return 0;
	view_done(view);
	return -1;
}

static void
view_done(struct view *view)
{
	secret_wipe(view->bytes, view->len);
	free(view->bytes);
	free(view->source);
}

static void
view_fill(struct view *view, const struct buf *text, enum redaction_text kind,
    bool has_escapes)
{
	const char *bytes = text->data;
	size_t used;

	view->len = 0;
	for (size_t i = 0; i < text->len; i += used) {
		unsigned char byte = (unsigned char)bytes[i];

		used = 0;
		if (kind == REDACTION_REPLY && (i == 0 || bytes[i - 1] == '\n'))
			used = reply_code_len(bytes + i, text->len - i);
		if (used > 0)
			continue;
		used =
		    has_escapes ? unescape(bytes + i, text->len - i, &byte) : 1;
		if (!redaction_form_has(byte))
			continue;
		view->source[view->len] = (struct span){i, i + used};
		view->bytes[view->len++] = redaction_form_byte(byte);
	}
}

/* Returns the length of the code and the enhanced code (RFC 2034) that a line
 * begins with. */
static size_t
reply_code_len(const char *line, size_t len)
{
	size_t end = 4;

	if (len < end || !isdigit((unsigned char)line[0]) ||
	    !isdigit((unsigned char)line[1]) ||
	    !isdigit((unsigned char)line[2]) ||
	    (line[3] != ' ' && line[3] != '-'))
		return 0;
	if (len < end + 2 || line[end] != line[0] || line[end + 1] != '.')
		return end;
	while (end < len && end < 4 + ERROR_ENHANCED_SIZE &&
	    (isdigit((unsigned char)line[end]) || line[end] == '.'))
		end++;
	return end < len && line[end] == ' ' ? end : 4;
}

/* Returns how many bytes the first character takes. */
static size_t
unescape(const char *text, size_t len, unsigned char *ret_byte)
{
	static const struct {
		const char *start;
		size_t digits; /* 0: start is the whole escape */
		unsigned base; /* or its meaning */
	} escapes[] = {{"%", 2, 16}, {"=", 2, 16}, {"\\x", 2, 16},
	    {"\\u00", 2, 16}, {"\\", 3, 8}, {"&amp;", 0, '&'}, {"&lt;", 0, '<'},
	    {"&gt;", 0, '>'}, {"&quot;", 0, '"'}, {"&#34;", 0, '"'},
	    {"&#39;", 0, '\''}, {"&apos;", 0, '\''}};

	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
		size_t start_len = strlen(escapes[i].start);
		size_t digits = escapes[i].digits;

		if (len < start_len + digits ||
		    memcmp(text, escapes[i].start, start_len) != 0)
			continue;
		if (digits == 0)
			*ret_byte = (unsigned char)escapes[i].base;
		else if (!parse_digits(text + start_len, digits,
			     escapes[i].base, ret_byte))
			continue;
		return start_len + digits;
	}
	if (len > 1 && text[0] == '\\' && ispunct((unsigned char)text[1])) {
		*ret_byte = (unsigned char)text[1];
		return 2;
	}
	return 1;
}

static bool
parse_digits(const char *text, size_t count, unsigned base,
    unsigned char *ret_byte)
{
	static const char digits[] = "0123456789abcdef";
	unsigned value = 0;

	for (size_t i = 0; i < count; i++) {
		const char *digit = text[i] == '\0'
		    ? NULL
		    : strchr(digits,
			  redaction_form_byte((unsigned char)text[i]));

		if (digit == NULL || (unsigned)(digit - digits) >= base)
			return false;
		value = value * base + (unsigned)(digit - digits);
	}
	*ret_byte = (unsigned char)value;
	return true;
}

static void
mark_forms(const struct redaction *redaction, const struct view *view,
    const char *text, char *marks)
{
	const char *form;
	const char *end;
	size_t len;

	if (redaction->is_incomplete) {
		mark_span(view, 0, view->len, text, marks);
		return;
	}
	mark_runs(&redaction->runs, view, text, marks);
	form = secret_bytes(redaction->forms);
	end = form + secret_len(redaction->forms);
	for (; form < end; form += len + 1) {
		len = strlen(form);
		if (len < RUN_SET_LEN)
			mark_short_form(view, form, len, text, marks);
	}
}

static void
mark_runs(const struct run_set *runs, const struct view *view, const char *text,
    char *marks)
{
	for (size_t i = 0; i + RUN_SET_LEN <= view->len; i++) {
		if (run_set_has(runs, view->bytes + i))
			mark_span(view, i, RUN_SET_LEN, text, marks);
	}
}

static void
mark_short_form(const struct view *view, const char *form, size_t len,
    const char *text, char *marks)
{
	for (size_t i = 0; i + len <= view->len; i++) {
		struct span span = {view->source[i].start,
		    view->source[i + len - 1].end};

		if (memcmp(form, view->bytes + i, len) == 0 &&
		    (len > WORD_LEN_MAX || is_word(&span, text)))
			mark_span(view, i, len, text, marks);
	}
}

static bool
is_word(const struct span *span, const char *text)
{
	return (span->start == 0 ||
		   !isalnum((unsigned char)text[span->start - 1])) &&
	    !isalnum((unsigned char)text[span->end]);
}

/* Marks what a part of the view comes from, and the white space in it that does
 * not separate lines. */
static void
mark_span(const struct view *view, size_t first, size_t count, const char *text,
    char *marks)
{
	for (size_t i = first; i < first + count; i++) {
		size_t start = view->source[i].start;
		size_t end = view->source[i].end;

		if (i + 1 < first + count &&
		    memchr(text + end, '\n', view->source[i + 1].start - end) ==
			NULL)
			end = view->source[i + 1].start;
		memset(marks + start, 1, end - start);
	}
}

static int
replace_marked(struct buf *text, const char *marks, struct error *err)
{
	struct buf out;
	int result = 0;

	buf_init(&out, text->len * sizeof marker);
	for (size_t i = 0; result == 0 && i < text->len; i++) {
		if (!marks[i])
			result = buf_add(&out, text->data + i, 1, err);
		else if (i == 0 || !marks[i - 1])
			result = buf_add_text(&out, marker, err);
	}
	if (result == -1) {
		buf_done(&out);
		return -1;
	}
	if (out.max < text->max)
		out.max = text->max;
	secret_wipe(text->data, text->len);
	buf_done(text);
	*text = out;
	return 0;
}
