/* SPDX-License-Identifier: MIT */
/*
 * Recognises words, comments and punctuation. Doesn't know which of them may
 * follow which.
 */
#include "config/config-lexer.h"

#include <stdbool.h>
#include <string.h>

enum {
	WORD_MAX = 65536 /* bytes: libconfuse is slow with longer ones */
};

static int lexer_comment(struct config_lexer *lexer, struct error *err);
static int lexer_single_quoted(struct config_lexer *lexer, struct error *err);
static int lexer_double_quoted(struct config_lexer *lexer, struct error *err);
static int lexer_bare(struct config_lexer *lexer, struct error *err);
static int lexer_word(struct config_lexer *lexer, struct error *err);
static int lexer_take_byte(struct config_lexer *lexer, struct error *err);
static enum config_lexeme_kind lexer_kind(const struct config_lexer *lexer);
static bool looking_at(const struct config_lexer *lexer, const char *text);
static bool at_line_end(const struct config_lexer *lexer);
static int refuse_here(const struct config_lexer *lexer, const char *what,
    struct error *err);

void
config_lexer_init(struct config_lexer *lexer, const char *path,
    const char *text, size_t len)
{
	*lexer = (struct config_lexer){.path = path,
	    .start = text,
	    .at = text,
	    .end = text + len,
	    .line = 1};
	buf_init(&lexer->word, WORD_MAX);
}

void
config_lexer_done(struct config_lexer *lexer)
{
	buf_done(&lexer->word);
}

int
config_lexer_next(struct config_lexer *lexer, struct config_lexeme *ret_lexeme,
    struct error *err)
{
	struct config_lexeme lexeme = {.kind = lexer_kind(lexer),
	    .at = lexer->at,
	    .line = lexer->line};
	int result = 0;

	switch (lexeme.kind) {
	case CONFIG_LEXEME_END:
		break;
	case CONFIG_LEXEME_WORD:
		result = lexer_word(lexer, err);
		break;
	case CONFIG_LEXEME_COMMENT:
		result = lexer_comment(lexer, err);
		break;
	case CONFIG_LEXEME_LINE_END:
		lexer->at += *lexer->at == '\r' ? 2 : 1;
		lexer->line++;
		break;
	case CONFIG_LEXEME_PLUS_EQUALS:
		lexer->at += strlen("+=");
		break;
	case CONFIG_LEXEME_EQUALS:
	case CONFIG_LEXEME_OPEN:
	case CONFIG_LEXEME_CLOSE:
	case CONFIG_LEXEME_OTHER:
		lexer->at++;
		break;
	case CONFIG_LEXEME_BLANK:
		lexer->at += *lexer->at == '\xEF' ? 3 : 1;
		break;
	}
	if (result == -1)
		return -1;
	lexeme.len = (size_t)(lexer->at - lexeme.at);
	*ret_lexeme = lexeme;
	return 0;
}

int
config_lexer_refuse(const struct config_lexer *lexer, unsigned line,
    const char *what, struct error *err)
{
	return error_set(err, ERROR_CONFIG, "%s:%u: %s", lexer->path, line,
	    what);
}

static int
lexer_comment(struct config_lexer *lexer, struct error *err)
{
	unsigned opened = lexer->line;

	if (!looking_at(lexer, "/*")) {
		while (lexer->at < lexer->end && !at_line_end(lexer))
			lexer->at++;
		return 0;
	}
	lexer->at += 2;
	while (lexer->at < lexer->end && !looking_at(lexer, "*/")) {
		if (*lexer->at == '\n')
			lexer->line++;
		lexer->at++;
	}
	if (lexer->at == lexer->end)
		return config_lexer_refuse(lexer, opened, "unclosed comment",
		    err);
	lexer->at += 2;
	return 0;
}

static int
lexer_word(struct config_lexer *lexer, struct error *err)
{
	int result;

	buf_clear(&lexer->word);
	if (*lexer->at == '\'')
		result = lexer_single_quoted(lexer, err);
	else if (*lexer->at == '"')
		result = lexer_double_quoted(lexer, err);
	else
		result = lexer_bare(lexer, err);
	return result;
}

static int
lexer_single_quoted(struct config_lexer *lexer, struct error *err)
{
	lexer->at++;
	while (!looking_at(lexer, "'")) {
		if (lexer->at == lexer->end || at_line_end(lexer))
			return refuse_here(lexer, "unclosed quote", err);
		if (looking_at(lexer, "\\'") || looking_at(lexer, "\\\\"))
			lexer->at++;
		if (lexer_take_byte(lexer, err) == -1)
			return -1;
	}
	lexer->at++;
	return 0;
}

static int
lexer_double_quoted(struct config_lexer *lexer, struct error *err)
{
	lexer->at++;
	while (!looking_at(lexer, "\"")) {
		if (lexer->at == lexer->end || at_line_end(lexer))
			return refuse_here(lexer, "unclosed quote", err);
		if (looking_at(lexer, "${"))
			return refuse_here(lexer, "${...} isn't replaced here",
			    err);
		if (looking_at(lexer, "\\")) {
			lexer->at++;
			if (lexer->at == lexer->end ||
			    strchr("\"'\\$", *lexer->at) == NULL)
				return refuse_here(lexer,
				    "invalid escape sequence; for a "
				    "backslash write \\\\",
				    err);
		}
		if (lexer_take_byte(lexer, err) == -1)
			return -1;
	}
	lexer->at++;
	return 0;
}

static int
lexer_bare(struct config_lexer *lexer, struct error *err)
{
	while (lexer->at < lexer->end && !at_line_end(lexer) &&
	    (*lexer->at == '\0' ||
		strchr(" \t\"'{}()=,#", *lexer->at) == NULL) &&
	    !looking_at(lexer, "+=")) {
		if (looking_at(lexer, "${"))
			return refuse_here(lexer, "${...} isn't replaced here",
			    err);
		if (lexer_take_byte(lexer, err) == -1)
			return -1;
	}
	return 0;
}

static int
lexer_take_byte(struct config_lexer *lexer, struct error *err)
{
	unsigned char c = (unsigned char)*lexer->at;

	if (c < 0x20 || c == 0x7F)
		return refuse_here(lexer, "unexpected control character", err);
	if (lexer->word.len + 1 >= WORD_MAX)
		return refuse_here(lexer, "value too long", err);
	if (buf_add(&lexer->word, lexer->at, 1, err) == -1)
		return -1;
	lexer->at++;
	return 0;
}

static enum config_lexeme_kind
lexer_kind(const struct config_lexer *lexer)
{
	static const struct {
		const char *text;
		enum config_lexeme_kind kind;
	} rows[] = {
	    {"#", CONFIG_LEXEME_COMMENT},
	    {"//", CONFIG_LEXEME_COMMENT},
	    {"/*", CONFIG_LEXEME_COMMENT},
	    {"\n", CONFIG_LEXEME_LINE_END},
	    {"\r\n", CONFIG_LEXEME_LINE_END},
	    {"+=", CONFIG_LEXEME_PLUS_EQUALS},
	    {"=", CONFIG_LEXEME_EQUALS},
	    {"{", CONFIG_LEXEME_OPEN},
	    {"}", CONFIG_LEXEME_CLOSE},
	    {"(", CONFIG_LEXEME_OTHER},
	    {")", CONFIG_LEXEME_OTHER},
	    {",", CONFIG_LEXEME_OTHER},
	    {" ", CONFIG_LEXEME_BLANK},
	    {"\t", CONFIG_LEXEME_BLANK},
	};

	if (lexer->at == lexer->end)
		return CONFIG_LEXEME_END;
	if (lexer->at == lexer->start && looking_at(lexer, "\xEF\xBB\xBF"))
		return CONFIG_LEXEME_BLANK;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (looking_at(lexer, rows[i].text))
			return rows[i].kind;
	}
	return CONFIG_LEXEME_WORD;
}

static bool
looking_at(const struct config_lexer *lexer, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(lexer->end - lexer->at) >= len &&
	    memcmp(lexer->at, text, len) == 0;
}

static bool
at_line_end(const struct config_lexer *lexer)
{
	return looking_at(lexer, "\n") || looking_at(lexer, "\r\n");
}

static int
refuse_here(const struct config_lexer *lexer, const char *what,
    struct error *err)
{
	config_lexer_refuse(lexer, lexer->line, what, err);
	if (*what == '$')
		error_hint(err, "use single quotes for a literal ${");
	return -1;
}
