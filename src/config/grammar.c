/* SPDX-License-Identifier: MIT */
/*
 * Parses a configuration with libconfuse. Defines which names are allowed in
 * which block and which values are lists; doesn't check the values.
 */
#include "config/grammar.h"

#include <confuse.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "config/normalize.h"
#include "config/suggestion.h"
#include "config/provider.h"
#include "config/settings.h"

enum {
	NORMALIZED_MAX = 1 << 23, /* bytes: 8 times the longest file */
	VALUE_MAX = 1 << 20,
	OPTIONS_MAX = (int)SETTING_COUNT + (int)PROVIDER_FIELD_COUNT + 5
};

/*
 * libconfuse passes the current block to its callbacks, but no context of the
 * caller. So the first option of each block has a name that no file can
 * contain, and its value points to the parser.
 */
#define CONTEXT_NAME "\1"

/* For hints: how a file writes an account. */
#define BLOCK_FORM "account NAME { ... }"

struct parser {
	const char *path;
	const struct grammar_handler *handler;
	struct error *err;
	bool failed; /* err is set */
};

struct grammar {
	cfg_opt_t account[OPTIONS_MAX];
	cfg_opt_t provider[OPTIONS_MAX];
	cfg_opt_t top[OPTIONS_MAX];
};

/* A value and its line. libconfuse frees it. */
struct value {
	int line;
	char text[];
};

static void grammar_init(struct grammar *grammar, struct parser *parser);
static cfg_opt_t *grammar_add_context(cfg_opt_t *at, struct parser *parser);
static cfg_opt_t *grammar_add_settings(cfg_opt_t *at, unsigned where);
static cfg_opt_t *grammar_add_fields(cfg_opt_t *at);
static cfg_opt_t grammar_option(const char *name, bool is_list);
static int grammar_copy_value(cfg_t *block, cfg_opt_t *opt, const char *text,
    void *result);
static void grammar_store_error(cfg_t *block, const char *format, va_list args)
    __attribute__((format(printf, 2, 0), nonnull(2)));
static void grammar_refuse_name(const struct parser *parser, const cfg_t *block,
    const char *name);
static int handle_top(struct parser *parser, cfg_t *top);
static int handle_blocks(struct parser *parser, cfg_opt_t *blocks,
    enum grammar_block kind);
static int handle_block(struct parser *parser, cfg_t *block,
    enum grammar_block kind);
static int handle_value(struct parser *parser, cfg_opt_t *opt);

int
grammar_read(const char *path, const char *text, size_t len,
    const struct grammar_handler *handler, struct error *err)
{
	struct parser parser = {.path = path, .handler = handler, .err = err};
	struct grammar grammar;
	struct buf normalized;
	cfg_t *top = NULL;
	int result = -1;

	buf_init(&normalized, NORMALIZED_MAX);
	if (normalize_config(path, text, len, &normalized, err) == -1)
		goto out;
	grammar_init(&grammar, &parser);
	top = cfg_init(grammar.top, CFGF_NONE);
	if (top == NULL) {
		error_no_memory(err);
		goto out;
	}
	cfg_set_error_function(top, grammar_store_error);
	errno = 0;
	if (cfg_parse_buf(top, buf_text(&normalized)) == CFG_SUCCESS) {
		result = handle_top(&parser, top);
	} else if (!parser.failed && errno == ENOMEM) {
		/* After a failed allocation, libconfuse 3.3 leaves sections
		 * that make cfg_free crash. */
		top = NULL;
		error_no_memory(err);
	} else if (!parser.failed) {
		error_set(err, ERROR_CONFIG,
		    "%s:%d: empty name, here or earlier in this block", path,
		    top->line);
	}
out:
	cfg_free(top);
	buf_done(&normalized);
	return result;
}

static void
grammar_init(struct grammar *grammar, struct parser *parser)
{
	cfg_flag_t flags = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
	cfg_opt_t *at;

	at = grammar_add_context(grammar->account, parser);
	at = grammar_add_settings(at, SETTING_IN_ACCOUNT);
	*at = (cfg_opt_t)CFG_END();

	at = grammar_add_context(grammar->provider, parser);
	at = grammar_add_settings(at, SETTING_IN_PROVIDER);
	at = grammar_add_fields(at);
	*at = (cfg_opt_t)CFG_END();

	at = grammar_add_context(grammar->top, parser);
	at = grammar_add_settings(at, SETTING_IN_DEFAULTS);
	*at++ = grammar_option("default-account", false);
	*at++ = (cfg_opt_t)CFG_SEC("account", grammar->account, flags);
	*at++ = (cfg_opt_t)CFG_SEC("provider", grammar->provider, flags);
	*at = (cfg_opt_t)CFG_END();
}

static cfg_opt_t *
grammar_add_context(cfg_opt_t *at, struct parser *parser)
{
	*at = grammar_option(CONTEXT_NAME, false);
	at->simple_value.ptr = (void *)parser;
	return at + 1;
}

static cfg_opt_t *
grammar_add_settings(cfg_opt_t *at, unsigned where)
{
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		const struct setting *row = setting_row((enum setting_id)i);

		if ((row->where & where) != 0)
			*at++ = grammar_option(row->name,
			    setting_type_is_list(row->type));
	}
	return at;
}

static cfg_opt_t *
grammar_add_fields(cfg_opt_t *at)
{
	for (unsigned i = 0; i < PROVIDER_FIELD_COUNT; i++) {
		enum provider_field field = (enum provider_field)i;

		*at++ = grammar_option(provider_field_name(field),
		    provider_field_is_list(field));
	}
	return at;
}

static cfg_opt_t
grammar_option(const char *name, bool is_list)
{
	cfg_flag_t flags = CFGF_NODEFAULT | (is_list ? CFGF_LIST : CFGF_NONE);

	return (
	    cfg_opt_t)CFG_PTR_CB(name, NULL, flags, grammar_copy_value, free);
}

static int
grammar_copy_value(cfg_t *block, cfg_opt_t *opt, const char *text, void *result)
{
	size_t size = strlen(text) + 1;
	struct value *value = malloc(sizeof *value + size);

	(void)opt;
	if (value == NULL)
		return -1;
	value->line = block->line;
	memcpy(value->text, text, size);
	*(void **)result = value;
	return 0;
}

/* Replaces libconfuse's function, which prints to standard error. */
static void
grammar_store_error(cfg_t *block, const char *format, va_list args)
{
	struct parser *parser = (void *)block->opts[0].simple_value.ptr;
	char what[ERROR_MESSAGE_SIZE];

	if (parser->failed)
		return; /* the first error is the cause */
	parser->failed = true;
	if (strcmp(format, "no such option '%s'") == 0) {
		grammar_refuse_name(parser, block, va_arg(args, const char *));
		return;
	}
	vsnprintf(what, sizeof what, format, args);
	error_set(parser->err, ERROR_CONFIG, "%s:%d: %s", parser->path,
	    block->line, what);
	if (strncmp(format, "missing title", strlen("missing title")) == 0)
		error_hint(parser->err,
		    "a block has a name: " BLOCK_FORM "; \"provider = "
		    "NAME\" belongs in an account block");
	else if (strncmp(format, "missing opening",
		     strlen("missing opening")) == 0)
		error_hint(parser->err, "write it as " BLOCK_FORM);
}

static void
grammar_refuse_name(const struct parser *parser, const cfg_t *block,
    const char *name)
{
	struct suggestion suggestion;

	error_set(parser->err, ERROR_CONFIG, "%s:%d: unknown setting \"%.60s\"",
	    parser->path, block->line, name);
	if (strncmp(name, "pass", strlen("pass")) == 0) {
		error_hint(parser->err,
		    "store the password with \"postrider login\", or set "
		    "credential");
		return;
	}
	if (name[0] == '[') {
		error_hint(parser->err, "an account is written as " BLOCK_FORM);
		return;
	}
	suggestion_init(&suggestion, name);
	for (const cfg_opt_t *opt = block->opts + 1; opt->name != NULL; opt++)
		suggestion_offer(&suggestion, opt->name);
	if (suggestion.best != NULL)
		error_hint(parser->err, "did you mean %s?", suggestion.best);
	else
		error_hint(parser->err,
		    "a value that contains spaces must be quoted");
}

static int
handle_top(struct parser *parser, cfg_t *top)
{
	if (handle_block(parser, top, GRAMMAR_TOP) == -1 ||
	    handle_blocks(parser, cfg_getopt(top, "account"),
		GRAMMAR_ACCOUNT) == -1)
		return -1;
	return handle_blocks(parser, cfg_getopt(top, "provider"),
	    GRAMMAR_PROVIDER);
}

static int
handle_blocks(struct parser *parser, cfg_opt_t *blocks, enum grammar_block kind)
{
	for (unsigned i = 0; i < cfg_opt_size(blocks); i++) {
		if (handle_block(parser, cfg_opt_getnsec(blocks, i), kind) ==
		    -1)
			return -1;
	}
	return 0;
}

static int
handle_block(struct parser *parser, cfg_t *block, enum grammar_block kind)
{
	const struct grammar_handler *handler = parser->handler;

	if (handler->begin_block(handler->context, kind, cfg_title(block),
		parser->err) == -1)
		return -1;
	for (cfg_opt_t *opt = block->opts + 1; opt->name != NULL; opt++) {
		if (opt->type == CFGT_PTR && cfg_opt_size(opt) > 0 &&
		    handle_value(parser, opt) == -1)
			return -1;
	}
	return 0;
}

static int
handle_value(struct parser *parser, cfg_opt_t *opt)
{
	const struct grammar_handler *handler = parser->handler;
	const struct value *value = cfg_opt_getnptr(opt, 0);
	struct buf text;
	struct buf origin;
	int result;

	buf_init(&text, VALUE_MAX);
	buf_init(&origin, VALUE_MAX);
	result =
	    buf_addf(&origin, parser->err, "%s:%d", parser->path, value->line);
	for (unsigned i = 0; i < cfg_opt_size(opt) && result == 0; i++) {
		value = cfg_opt_getnptr(opt, i);
		result = buf_addf(&text, parser->err, "%s%s", i > 0 ? "\n" : "",
		    value->text);
	}
	if (result == 0)
		result = handler->set_value(handler->context, opt->name,
		    buf_text(&text), buf_text(&origin), parser->err);
	buf_done(&origin);
	buf_done(&text);
	return result;
}
