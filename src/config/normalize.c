/* SPDX-License-Identifier: MIT */
/*
 * Copies a configuration in a form that libconfuse reads correctly. Checks of
 * the syntax only that braces are closed.
 */
#include "config/normalize.h"

#include <stdbool.h>
#include <string.h>

#include "config/config-lexer.h"

struct normalizer {
	struct config_lexer lexer;
	unsigned depth;     /* of braces */
	unsigned open_line; /* of the last brace at depth 0 */
	struct buf *out;
	bool word_is_plain; /* no byte of the last one is special in a name */
};

static int normalize_lexeme(struct normalizer *normalizer,
    const struct config_lexeme *lexeme, struct error *err);
static int normalize_word(struct normalizer *normalizer, struct error *err);
static int normalize_comment(struct normalizer *normalizer,
    const struct config_lexeme *lexeme, struct error *err);
static void normalize_brace(struct normalizer *normalizer,
    const struct config_lexeme *lexeme);

int
normalize_config(const char *path, const char *text, size_t len,
    struct buf *out, struct error *err)
{
	struct normalizer normalizer = {.out = out};
	struct config_lexeme lexeme;
	int result;

	config_lexer_init(&normalizer.lexer, path, text, len);
	do {
		result = config_lexer_next(&normalizer.lexer, &lexeme, err);
		if (result == 0)
			result = normalize_lexeme(&normalizer, &lexeme, err);
	} while (result == 0 && lexeme.kind != CONFIG_LEXEME_END);
	if (result == 0 && normalizer.depth > 0)
		result = config_lexer_refuse(&normalizer.lexer,
		    normalizer.open_line, "unclosed \"{\"", err);
	config_lexer_done(&normalizer.lexer);
	return result;
}

static int
normalize_lexeme(struct normalizer *normalizer,
    const struct config_lexeme *lexeme, struct error *err)
{
	switch (lexeme->kind) {
	case CONFIG_LEXEME_END:
		return 0;
	case CONFIG_LEXEME_WORD:
		return normalize_word(normalizer, err);
	case CONFIG_LEXEME_COMMENT:
		return normalize_comment(normalizer, lexeme, err);
	case CONFIG_LEXEME_LINE_END:
		return buf_add_text(normalizer->out, "\n", err);
	case CONFIG_LEXEME_BLANK:
		return buf_add_text(normalizer->out, " ", err);
	case CONFIG_LEXEME_EQUALS:
	case CONFIG_LEXEME_PLUS_EQUALS:
		/* libconfuse interprets some bytes of a name as a path to
		 * another option. */
		if (!normalizer->word_is_plain)
			return config_lexer_refuse(&normalizer->lexer,
			    lexeme->line, "missing name before \"=\"", err);
		break;
	case CONFIG_LEXEME_OPEN:
	case CONFIG_LEXEME_CLOSE:
		normalize_brace(normalizer, lexeme);
		break;
	case CONFIG_LEXEME_OTHER:
		break;
	}
	return buf_add(normalizer->out, lexeme->at, lexeme->len, err);
}

/* In single quotes nothing is special but these two. */
static int
normalize_word(struct normalizer *normalizer, struct error *err)
{
	const struct buf *word = &normalizer->lexer.word;
	struct buf *out = normalizer->out;

	normalizer->word_is_plain = true;
	if (buf_add_text(out, "'", err) == -1)
		return -1;
	for (size_t i = 0; i < word->len; i++) {
		char c = word->data[i];

		if (c == '|' || c == '=' || c == '\'')
			normalizer->word_is_plain = false;
		if ((c == '\'' || c == '\\') &&
		    buf_add_text(out, "\\", err) == -1)
			return -1;
		if (buf_add(out, &c, 1, err) == -1)
			return -1;
	}
	return buf_add_text(out, "' ", err);
}

/* Lines are still counted. */
static int
normalize_comment(struct normalizer *normalizer,
    const struct config_lexeme *lexeme, struct error *err)
{
	for (size_t i = 0; i < lexeme->len; i++) {
		if (lexeme->at[i] == '\n' &&
		    buf_add_text(normalizer->out, "\n", err) == -1)
			return -1;
	}
	return buf_add_text(normalizer->out, " ", err);
}

static void
normalize_brace(struct normalizer *normalizer,
    const struct config_lexeme *lexeme)
{
	if (lexeme->kind == CONFIG_LEXEME_OPEN && normalizer->depth++ == 0)
		normalizer->open_line = lexeme->line;
	if (lexeme->kind == CONFIG_LEXEME_CLOSE && normalizer->depth > 0)
		normalizer->depth--;
}
