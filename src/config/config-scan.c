/* SPDX-License-Identifier: MIT */
/*
 * Follows the statements of a configuration: settings, and blocks of settings.
 * grammar.c has refused everything else.
 */
#include "config/config-scan.h"

#include <stdlib.h>
#include <string.h>

#include "config/config-lexer.h"

/* What was read of the current statement. */
enum scanner_state {
	SCANNER_START,
	SCANNER_NAME,  /* "host", or "account" */
	SCANNER_TITLE, /* "account work" */
	SCANNER_SIGN,  /* "host =" */
	SCANNER_LIST   /* "from = {" */
};

struct scanner {
	struct config_lexer lexer;
	const struct config_place *place;
	struct config_scan *scan;
	enum scanner_state state;
	struct config_assignment assignment; /* the current one */
	char *name;                          /* of the current statement */
	bool in_block;
	bool is_wanted; /* the current block is the one of place */
	bool line_is_empty;
	size_t line_start;
	bool has_above; /* comments end right above this line, */
	size_t above;   /* and begin there */
	size_t outset;  /* beginning of the statement, with those comments */
};

static int scanner_take(struct scanner *scanner,
    const struct config_lexeme *lexeme, struct error *err);
static int scanner_take_word(struct scanner *scanner, size_t at, size_t end,
    struct error *err);
static void scanner_take_title(struct scanner *scanner);
static void scanner_open(struct scanner *scanner, size_t end);
static void scanner_close(struct scanner *scanner, size_t at, size_t end);
static void scanner_end_assignment(struct scanner *scanner, size_t end);
static void scanner_follow_lines(struct scanner *scanner,
    enum config_lexeme_kind kind, size_t end);
static bool word_is(const struct scanner *scanner, const char *text);

int
config_scan(const char *text, size_t len, const struct config_place *place,
    struct config_scan *ret_scan, struct error *err)
{
	size_t mark = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	struct config_scan scan = {.has_block = place->kind == GRAMMAR_TOP,
	    .body = mark,
	    .body_end = len};
	struct scanner scanner = {.place = place,
	    .scan = &scan,
	    .is_wanted = place->kind == GRAMMAR_TOP,
	    .line_is_empty = true,
	    .line_start = mark};
	struct config_lexeme lexeme;
	int result;

	config_lexer_init(&scanner.lexer, "configuration", text, len);
	do {
		result = config_lexer_next(&scanner.lexer, &lexeme, err);
		if (result == 0)
			result = scanner_take(&scanner, &lexeme, err);
	} while (result == 0 && lexeme.kind != CONFIG_LEXEME_END);
	config_lexer_done(&scanner.lexer);
	free(scanner.name);
	if (result == 0)
		*ret_scan = scan;
	return result;
}

static int
scanner_take(struct scanner *scanner, const struct config_lexeme *lexeme,
    struct error *err)
{
	size_t at = (size_t)(lexeme->at - scanner->lexer.start);
	size_t end = at + lexeme->len;

	scanner_follow_lines(scanner, lexeme->kind, end);
	switch (lexeme->kind) {
	case CONFIG_LEXEME_WORD:
		return scanner_take_word(scanner, at, end, err);
	case CONFIG_LEXEME_EQUALS:
	case CONFIG_LEXEME_PLUS_EQUALS:
		scanner->assignment.sign = at;
		scanner->assignment.appends =
		    lexeme->kind == CONFIG_LEXEME_PLUS_EQUALS;
		scanner->state = SCANNER_SIGN;
		break;
	case CONFIG_LEXEME_OPEN:
		if (scanner->state == SCANNER_SIGN) {
			scanner->assignment.value = at;
			scanner->state = SCANNER_LIST;
		} else {
			scanner_open(scanner, end);
		}
		break;
	case CONFIG_LEXEME_CLOSE:
		scanner_close(scanner, at, end);
		break;
	case CONFIG_LEXEME_END:
	case CONFIG_LEXEME_OTHER:
	case CONFIG_LEXEME_BLANK:
	case CONFIG_LEXEME_COMMENT:
	case CONFIG_LEXEME_LINE_END:
		break;
	}
	return 0;
}

static int
scanner_take_word(struct scanner *scanner, size_t at, size_t end,
    struct error *err)
{
	switch (scanner->state) {
	case SCANNER_START:
		free(scanner->name);
		scanner->name = strdup(buf_text(&scanner->lexer.word));
		if (scanner->name == NULL)
			return error_no_memory(err);
		scanner->assignment = (struct config_assignment){.start = at};
		scanner->outset =
		    scanner->has_above ? scanner->above : scanner->line_start;
		scanner->state = SCANNER_NAME;
		break;
	case SCANNER_NAME:
		scanner_take_title(scanner);
		break;
	case SCANNER_SIGN:
		scanner->assignment.value = at;
		scanner_end_assignment(scanner, end);
		break;
	case SCANNER_TITLE:
	case SCANNER_LIST:
		break;
	}
	return 0;
}

static void
scanner_take_title(struct scanner *scanner)
{
	static const char *const words[] = {[GRAMMAR_TOP] = "",
	    [GRAMMAR_ACCOUNT] = "account",
	    [GRAMMAR_PROVIDER] = "provider"};
	const struct config_place *place = scanner->place;

	if (!scanner->scan->has_blocks) {
		scanner->scan->has_blocks = true;
		scanner->scan->first_block = scanner->outset;
	}
	scanner->is_wanted = place->kind != GRAMMAR_TOP &&
	    strcmp(scanner->name, words[place->kind]) == 0 &&
	    word_is(scanner, place->title);
	scanner->state = SCANNER_TITLE;
}

static void
scanner_open(struct scanner *scanner, size_t end)
{
	scanner->in_block = true;
	scanner->state = SCANNER_START;
	if (!scanner->is_wanted)
		return;
	scanner->scan->has_block = true;
	scanner->scan->body = end;
}

static void
scanner_close(struct scanner *scanner, size_t at, size_t end)
{
	if (scanner->state == SCANNER_LIST) {
		scanner_end_assignment(scanner, end);
		return;
	}
	if (scanner->is_wanted)
		scanner->scan->body_end = at;
	scanner->in_block = false;
	scanner->is_wanted = scanner->place->kind == GRAMMAR_TOP;
	scanner->state = SCANNER_START;
}

static void
scanner_end_assignment(struct scanner *scanner, size_t end)
{
	const struct config_place *place = scanner->place;
	struct config_scan *scan = scanner->scan;

	scanner->state = SCANNER_START;
	scanner->assignment.end = end;
	if (!scanner->is_wanted ||
	    (place->kind == GRAMMAR_TOP && scanner->in_block))
		return;
	scan->has_last = true;
	scan->last = scanner->assignment;
	if (place->name == NULL || strcmp(scanner->name, place->name) != 0)
		return;
	scan->has_match = true;
	scan->match = scanner->assignment;
}

/* Keeps the beginning of the comments directly above the current line. */
static void
scanner_follow_lines(struct scanner *scanner, enum config_lexeme_kind kind,
    size_t end)
{
	switch (kind) {
	case CONFIG_LEXEME_BLANK:
	case CONFIG_LEXEME_END:
		return;
	case CONFIG_LEXEME_LINE_END:
		if (scanner->line_is_empty)
			scanner->has_above = false;
		scanner->line_is_empty = true;
		scanner->line_start = end;
		return;
	case CONFIG_LEXEME_COMMENT:
		if (scanner->line_is_empty && !scanner->has_above) {
			scanner->has_above = true;
			scanner->above = scanner->line_start;
		}
		break;
	case CONFIG_LEXEME_WORD:
		/* The first word of a statement looks at it. */
		if (!scanner->line_is_empty)
			scanner->has_above = false;
		break;
	case CONFIG_LEXEME_EQUALS:
	case CONFIG_LEXEME_PLUS_EQUALS:
	case CONFIG_LEXEME_OPEN:
	case CONFIG_LEXEME_CLOSE:
	case CONFIG_LEXEME_OTHER:
		scanner->has_above = false;
		break;
	}
	scanner->line_is_empty = false;
}

static bool
word_is(const struct scanner *scanner, const char *text)
{
	return text != NULL &&
	    strcmp(buf_text(&scanner->lexer.word), text) == 0;
}
