/* SPDX-License-Identifier: MIT */
/*
 * Splits an address list at its commas, semicolons and group names. Each
 * address is parsed by address-parse.c.
 */
#include "message/mailbox.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "message/address.h"
#include "message/lexeme.h"

struct splitter {
	struct lexeme_reader reader;
	struct lexeme lexeme; /* the current one */
	const char *lexeme_end;
	bool in_group;
	const char *what;
	struct mailbox_list *list;
	struct error *err;
};

/* One element of the list while it is read. */
struct element {
	const char *start;
	const char *end;       /* of its last lexeme */
	const char *open;      /* "<", or NULL */
	const char *close;     /* ">", or NULL */
	const char *dangling;  /* "@" as the last lexeme of the address */
	const char *separator; /* what follows: ",", ";" or the end */
	bool is_group;
};

static int splitter_next(struct splitter *splitter);
static int splitter_read_element(struct splitter *splitter,
    struct element *element);
static const char *lexeme_start(const struct lexeme *lexeme);
static int splitter_add(struct splitter *splitter,
    const struct element *element);
static struct mailbox_span find_comment(const struct element *element);
static struct mailbox_span span_trim(const char *at, const char *end);
static char *parse_address(const struct splitter *splitter,
    const struct element *element);

void
mailbox_list_init(struct mailbox_list *list)
{
	*list = (struct mailbox_list){0};
}

void
mailbox_list_done(struct mailbox_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->mailbox[i].address);
	free(list->mailbox);
	mailbox_list_init(list);
}

int
mailbox_list_parse(struct mailbox_list *list, const char *text, size_t len,
    const char *what, struct error *err)
{
	struct splitter splitter = {.reader = {.at = text, .end = text + len},
	    .what = what,
	    .list = list,
	    .err = err};

	if (splitter_next(&splitter) == -1)
		return -1;
	while (splitter.lexeme.type != LEXEME_END) {
		struct element element;

		if (lexeme_is(&splitter.lexeme, ';') ||
		    lexeme_is(&splitter.lexeme, ',')) {
			if (lexeme_is(&splitter.lexeme, ';'))
				splitter.in_group = false;
			if (splitter_next(&splitter) == -1)
				return -1;
			continue;
		}
		if (splitter_read_element(&splitter, &element) == -1)
			return -1;
		if (element.is_group)
			splitter.in_group = list->has_group = true;
		else if (splitter_add(&splitter, &element) == -1)
			return -1;
	}
	return 0;
}

static int
splitter_next(struct splitter *splitter)
{
	if (lexeme_next(&splitter->reader, &splitter->lexeme) == -1)
		return error_set(splitter->err, ERROR_DATA, "%s: %s",
		    splitter->what, splitter->reader.fault);
	splitter->lexeme_end = splitter->reader.at;
	return 0;
}

/* A route, "<@a,@b:user@c>", has commas and a colon of its own. */
static int
splitter_read_element(struct splitter *splitter, struct element *element)
{
	const struct lexeme *lexeme = &splitter->lexeme;

	*element = (struct element){.start = lexeme_start(lexeme)};
	while (lexeme->type != LEXEME_END && !element->is_group) {
		bool in_angle = element->open != NULL && element->close == NULL;

		if (!in_angle &&
		    (lexeme_is(lexeme, ',') || lexeme_is(lexeme, ';')))
			break;
		element->end = splitter->lexeme_end;
		if (!in_angle && lexeme_is(lexeme, ':'))
			element->is_group = true;
		else if (element->open == NULL && lexeme_is(lexeme, '<'))
			element->open = lexeme->text;
		else if (in_angle && lexeme_is(lexeme, '>'))
			element->close = lexeme->text;
		else
			element->dangling =
			    lexeme_is(lexeme, '@') ? lexeme->text : NULL;
		if (splitter_next(splitter) == -1)
			return -1;
	}
	element->separator = lexeme->type == LEXEME_END ? splitter->reader.end
							: lexeme_start(lexeme);
	return 0;
}

static const char *
lexeme_start(const struct lexeme *lexeme)
{
	return lexeme->type == LEXEME_QUOTED ? lexeme->text - 1 : lexeme->text;
}

static int
splitter_add(struct splitter *splitter, const struct element *element)
{
	struct mailbox_list *list = splitter->list;
	struct mailbox mailbox = {.in_group = splitter->in_group,
	    .comment = find_comment(element)};
	struct mailbox *grown;

	mailbox.whole = span_trim(element->start, element->end);
	if (mailbox.comment.len > 0)
		mailbox.whole = span_trim(element->start,
		    mailbox.comment.at + mailbox.comment.len);
	if (element->open != NULL)
		mailbox.phrase = span_trim(element->start, element->open);
	grown = realloc(list->mailbox, (list->count + 1) * sizeof *grown);
	if (grown == NULL)
		return error_no_memory(splitter->err);
	list->mailbox = grown;
	mailbox.address = parse_address(splitter, element);
	if (mailbox.address == NULL)
		return -1;
	grown[list->count++] = mailbox;
	return 0;
}

static struct mailbox_span
find_comment(const struct element *element)
{
	struct mailbox_span comment = {"", 0};

	if (element->end != NULL && element->open == NULL && !element->is_group)
		comment = span_trim(element->end, element->separator);
	if (comment.len < 2 || comment.at[0] != '(' ||
	    comment.at[comment.len - 1] != ')')
		comment.len = 0;
	return comment;
}

static struct mailbox_span
span_trim(const char *at, const char *end)
{
	while (at < end && memchr(" \t\r\n", *at, 4) != NULL)
		at++;
	while (end > at && memchr(" \t\r\n", end[-1], 4) != NULL)
		end--;
	return (struct mailbox_span){at, (size_t)(end - at)};
}

static char *
parse_address(const struct splitter *splitter, const struct element *element)
{
	const char *start =
	    element->open != NULL ? element->open + 1 : element->start;
	const char *end =
	    element->close != NULL ? element->close : element->end;
	struct address_list one;
	char *address = NULL;

	if (element->dangling != NULL && element->dangling > start)
		end = element->dangling;
	address_list_init(&one);
	if (address_list_parse(&one, start, (size_t)(end - start),
		splitter->what, splitter->err) == 0) {
		if (one.count == 1)
			address =
			    text_format(splitter->err, "%s", one.address[0]);
		else
			error_set(splitter->err, ERROR_DATA,
			    "%s: not an address", splitter->what);
	}
	address_list_done(&one);
	return address;
}
