/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CONFIG_LEXER_H
#define CONFIG_CONFIG_LEXER_H

/*
 * Splits a configuration into lexemes, for reading (normalize.c) and for
 * changing (config-scan.c). No byte is skipped: the lexemes make up the whole
 * text.
 */

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

enum config_lexeme_kind {
	CONFIG_LEXEME_END,
	CONFIG_LEXEME_WORD, /* bare or quoted; lexer.word is its value */
	CONFIG_LEXEME_EQUALS,
	CONFIG_LEXEME_PLUS_EQUALS,
	CONFIG_LEXEME_OPEN,    /* "{" */
	CONFIG_LEXEME_CLOSE,   /* "}" */
	CONFIG_LEXEME_OTHER,   /* "(", ")" or "," */
	CONFIG_LEXEME_BLANK,   /* one space or tab, or a byte order mark */
	CONFIG_LEXEME_COMMENT, /* without the line end */
	CONFIG_LEXEME_LINE_END
};

struct config_lexeme {
	enum config_lexeme_kind kind;
	const char *at; /* in the text */
	size_t len;
	unsigned line; /* where it begins */
};

struct config_lexer {
	const char *path; /* for errors */
	const char *start;
	const char *at;
	const char *end;
	unsigned line;
	struct buf word; /* value of the last word */
};

/* Begins with the first byte. The text is borrowed. */
void config_lexer_init(struct config_lexer *lexer, const char *path,
    const char *text, size_t len);
void config_lexer_done(struct config_lexer *lexer);

/*
 * Reads the next lexeme. ERROR_CONFIG, with "path:line", for control
 * characters, a quote that isn't closed on its line, a comment that isn't
 * closed, ${ outside single quotes, and, in double quotes, escapes other than
 * \" \' \\ \$.
 */
int config_lexer_next(struct config_lexer *lexer,
    struct config_lexeme *ret_lexeme, struct error *err);

/* Sets ERROR_CONFIG with "path:line". Always returns -1. */
int config_lexer_refuse(const struct config_lexer *lexer, unsigned line,
    const char *what, struct error *err);

#endif
