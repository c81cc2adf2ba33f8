/* SPDX-License-Identifier: MIT */
/*
 * Inserts and removes text where config-scan.c finds that a setting is, or
 * should be.
 */
#include "config/config-edit.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config-value.h"

enum {
	VALUE_MAX = 1 << 18, /* bytes */
	INDENT_MAX = 64
};

static int edit_refuse_block(const struct config_place *place,
    struct error *err);
static int edit_replace_value(struct buf *text,
    const struct config_assignment *old, const char *value, struct error *err);
static int edit_insert(struct buf *text, const struct config_scan *scan,
    const struct config_place *place, const char *value, struct error *err);
static int edit_insert_after(struct buf *text,
    const struct config_assignment *last, const char *setting,
    struct error *err);
static int edit_insert_in_empty(struct buf *text,
    const struct config_scan *scan, const char *setting, struct error *err);
static int edit_insert_at_top(struct buf *text, const struct config_scan *scan,
    const char *setting, struct error *err);
static int edit_remove(struct buf *text, const struct config_assignment *old,
    struct error *err);
static int edit_splice(struct buf *text, size_t at, size_t len,
    const char *inserted, struct error *err);
static int edit_splicef(struct buf *text, size_t at, struct error *err,
    const char *format, ...) __attribute__((format(printf, 4, 5)));
static const char *edit_line_end(const struct buf *text);
static size_t line_start(const struct buf *text, size_t at);
static size_t skip_blanks(const struct buf *text, size_t at);
static bool is_at_line_end(const struct buf *text, size_t at);
static bool has_line_comment(const struct buf *text, size_t at);
static bool is_blank_between(const struct buf *text, size_t start, size_t end);
static char byte_at(const struct buf *text, size_t at);

int
config_edit_set(struct buf *text, const struct config_place *place,
    const char *value, bool is_list, struct error *err)
{
	struct config_scan scan;
	struct buf written;
	int result = -1;

	buf_init(&written, VALUE_MAX);
	if (config_scan(buf_text(text), text->len, place, &scan, err) == -1 ||
	    config_value_write(&written, value, is_list, err) == -1)
		goto out;
	if (!scan.has_block)
		edit_refuse_block(place, err);
	else if (scan.has_match)
		result = edit_replace_value(text, &scan.match,
		    buf_text(&written), err);
	else
		result =
		    edit_insert(text, &scan, place, buf_text(&written), err);
out:
	buf_done(&written);
	return result;
}

int
config_edit_unset(struct buf *text, const struct config_place *place,
    bool *ret_found, struct error *err)
{
	struct config_scan scan;
	bool found = false;

	for (;;) {
		if (config_scan(buf_text(text), text->len, place, &scan, err) ==
		    -1)
			return -1;
		if (!scan.has_block)
			return edit_refuse_block(place, err);
		if (!scan.has_match)
			break;
		found = true;
		if (edit_remove(text, &scan.match, err) == -1)
			return -1;
	}
	*ret_found = found;
	return 0;
}

int
config_edit_add_account(struct buf *text, const char *name,
    const struct settings *settings, struct error *err)
{
	const char *end = edit_line_end(text);

	if (text->len > 0 &&
	    ((text->data[text->len - 1] != '\n' &&
		 buf_add_text(text, end, err) == -1) ||
		buf_add_text(text, end, err) == -1))
		return -1;
	if (buf_add_text(text, "account ", err) == -1 ||
	    config_value_write_word(text, name, strlen(name), err) == -1 ||
	    buf_addf(text, err, " {%s", end) == -1)
		return -1;
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		const char *value = settings->text[id];

		if (value == NULL)
			continue;
		if (buf_addf(text, err, "\t%s = ", setting_row(id)->name) ==
			-1 ||
		    config_value_write(text, value, strchr(value, '\n') != NULL,
			err) == -1 ||
		    buf_add_text(text, end, err) == -1)
			return -1;
	}
	return buf_addf(text, err, "}%s", end);
}

static int
edit_refuse_block(const struct config_place *place, struct error *err)
{
	return error_set(err, ERROR_CONFIG, "there is no account \"%s\"",
	    place->title);
}

/* "+=" would add to the values before. */
static int
edit_replace_value(struct buf *text, const struct config_assignment *old,
    const char *value, struct error *err)
{
	if (edit_splice(text, old->value, old->end - old->value, value, err) ==
	    -1)
		return -1;
	/* A word that isn't quoted must not run into the next. */
	if (strchr("\"}", value[strlen(value) - 1]) == NULL &&
	    strchr(" \t\r\n}#", byte_at(text, old->value + strlen(value))) ==
		NULL &&
	    edit_splice(text, old->value + strlen(value), 0, " ", err) == -1)
		return -1;
	return old->appends ? edit_splice(text, old->sign, 1, "", err) : 0;
}

static int
edit_insert(struct buf *text, const struct config_scan *scan,
    const struct config_place *place, const char *value, struct error *err)
{
	struct buf setting;
	int result;

	buf_init(&setting, VALUE_MAX + 256);
	result = buf_addf(&setting, err, "%s = %s", place->name, value);
	if (result == 0 && scan->has_last)
		result =
		    edit_insert_after(text, &scan->last, setting.data, err);
	else if (result == 0 && place->kind == GRAMMAR_TOP)
		result = edit_insert_at_top(text, scan, setting.data, err);
	else if (result == 0)
		result = edit_insert_in_empty(text, scan, setting.data, err);
	buf_done(&setting);
	return result;
}

/* On a line of its own if the last setting is on one. */
static int
edit_insert_after(struct buf *text, const struct config_assignment *last,
    const char *setting, struct error *err)
{
	size_t start = line_start(text, last->start);
	size_t rest = skip_blanks(text, last->end);
	const char *end = edit_line_end(text);
	const char *newline;

	if (!is_blank_between(text, start, last->start) ||
	    last->start - start > INDENT_MAX ||
	    (!is_at_line_end(text, rest) && !has_line_comment(text, rest))) {
		/* "//" after a bare word would be part of it. */
		return edit_splicef(text, last->end, err, " %s%s", setting,
		    strchr(" \t\r\n", byte_at(text, last->end)) != NULL ? ""
									: " ");
	}
	newline = memchr(text->data + rest, '\n', text->len - rest);
	if (newline == NULL)
		return edit_splicef(text, text->len, err, "%s%.*s%s%s", end,
		    (int)(last->start - start), text->data + start, setting,
		    end);
	return edit_splicef(text, (size_t)(newline + 1 - text->data), err,
	    "%.*s%s%s", (int)(last->start - start), text->data + start, setting,
	    end);
}

/* The block has no setting, but maybe comments. */
static int
edit_insert_in_empty(struct buf *text, const struct config_scan *scan,
    const char *setting, struct error *err)
{
	size_t start = line_start(text, scan->body_end);

	if (start > scan->body &&
	    is_blank_between(text, start, scan->body_end) &&
	    scan->body_end - start <= INDENT_MAX)
		return edit_splicef(text, start, err, "%.*s\t%s%s",
		    (int)(scan->body_end - start), text->data + start, setting,
		    edit_line_end(text));
	return edit_splicef(text, scan->body_end, err, "%s%s ",
	    strchr(" \t\n", text->data[scan->body_end - 1]) != NULL ? "" : " ",
	    setting);
}

static int
edit_insert_at_top(struct buf *text, const struct config_scan *scan,
    const char *setting, struct error *err)
{
	const char *end = edit_line_end(text);

	if (scan->has_blocks)
		return edit_splicef(text, scan->first_block, err, "%s%s%s",
		    setting, end, end);
	return edit_splicef(text, text->len, err, "%s%s%s",
	    text->len > scan->body && text->data[text->len - 1] != '\n' ? end
									: "",
	    setting, end);
}

/* A comment on the line stays. */
static int
edit_remove(struct buf *text, const struct config_assignment *old,
    struct error *err)
{
	size_t start = line_start(text, old->start);
	size_t rest = skip_blanks(text, old->end);
	bool begins_line = is_blank_between(text, start, old->start);

	if (begins_line && is_at_line_end(text, rest)) {
		if (byte_at(text, rest) == '\r')
			rest++;
		if (byte_at(text, rest) == '\n')
			rest++;
		return edit_splice(text, start, rest - start, "", err);
	}
	if (begins_line)
		return edit_splice(text, old->start, rest - old->start, "",
		    err);
	if (strchr(" \t", byte_at(text, old->start - 1)) != NULL) {
		size_t from = old->start;

		while (from > start &&
		    strchr(" \t", byte_at(text, from - 1)) != NULL)
			from--;
		return edit_splice(text, from, old->end - from,
		    is_at_line_end(text, rest) || rest > old->end ? "" : " ",
		    err);
	}
	return edit_splice(text, old->start, old->end - old->start, " ", err);
}

/* Replaces len bytes at an offset. */
static int
edit_splice(struct buf *text, size_t at, size_t len, const char *inserted,
    struct error *err)
{
	size_t added = strlen(inserted);

	if (buf_reserve(text, added, err) == -1)
		return -1;
	memmove(text->data + at + added, text->data + at + len,
	    text->len - at - len);
	memcpy(text->data + at, inserted, added);
	text->len = text->len + added - len;
	text->data[text->len] = '\0';
	return 0;
}

static int
edit_splicef(struct buf *text, size_t at, struct error *err, const char *format,
    ...)
{
	char *inserted = NULL;
	va_list args;
	int result;

	va_start(args, format);
	result = vasprintf(&inserted, format, args);
	va_end(args);
	if (result == -1)
		return error_no_memory(err);
	result = edit_splice(text, at, 0, inserted, err);
	free(inserted);
	return result;
}

/* As the first line ends. */
static const char *
edit_line_end(const struct buf *text)
{
	const char *all = buf_text(text);
	const char *newline = memchr(all, '\n', text->len);

	return newline != NULL && newline > all && newline[-1] == '\r' ? "\r\n"
								       : "\n";
}

static size_t
line_start(const struct buf *text, size_t at)
{
	while (at > 0 && text->data[at - 1] != '\n')
		at--;
	return at;
}

static size_t
skip_blanks(const struct buf *text, size_t at)
{
	while (
	    at < text->len && (text->data[at] == ' ' || text->data[at] == '\t'))
		at++;
	return at;
}

static bool
is_at_line_end(const struct buf *text, size_t at)
{
	return at == text->len || text->data[at] == '\n' ||
	    (text->data[at] == '\r' && byte_at(text, at + 1) == '\n');
}

static bool
has_line_comment(const struct buf *text, size_t at)
{
	return byte_at(text, at) == '#' ||
	    (byte_at(text, at) == '/' && byte_at(text, at + 1) == '/');
}

static bool
is_blank_between(const struct buf *text, size_t start, size_t end)
{
	return skip_blanks(text, start) >= end;
}

/* NUL after the end. */
static char
byte_at(const struct buf *text, size_t at)
{
	return at < text->len ? text->data[at] : '\0';
}
