/* SPDX-License-Identifier: MIT */
/*
 * The one place that knows libconfuse. libconfuse does the grammar: names,
 * blocks, lists, with the line of each value. What a value may be is checked
 * in settings.c and provider.c.
 */
#include "config/parse.h"

#include <confuse.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "config/clean.h"
#include "config/nearest.h"

enum {
	CLEAN_MAX = 1 << 23, /* bytes; a file is at most an eighth of it */
	VALUE_MAX = 1 << 20,
	OPTIONS_MAX = (int)SETTING_COUNT + (int)PROVIDER_FIELD_COUNT + 5
};

/*
 * libconfuse hands its callbacks the block in hand and no pointer of ours. So
 * the first option of every block is one that no file can name, and its
 * storage is the parser.
 */
#define CONTEXT_NAME "\1"

struct parser {
	struct config *config;
	const char *path;
	struct error *err;
	bool failed; /* err is set */
};

struct grammar {
	cfg_opt_t account[OPTIONS_MAX];
	cfg_opt_t provider[OPTIONS_MAX];
	cfg_opt_t top[OPTIONS_MAX];
};

/* One value as it stands in the file; libconfuse frees it. */
struct value {
	int line;
	char text[];
};

/* All values of one setting, as the layers want them. */
struct written {
	struct buf text; /* list elements joined with "\n" */
	char *origin;
};

static void grammar_init(struct grammar *grammar, struct parser *parser);
static cfg_opt_t *add_context(cfg_opt_t *at, struct parser *parser);
static cfg_opt_t *add_settings(cfg_opt_t *at, unsigned where);
static cfg_opt_t *add_fields(cfg_opt_t *at);
static cfg_opt_t option(const char *name, bool is_list);
static int keep_value(
    cfg_t *block, cfg_opt_t *opt, const char *text, void *result);
static void note_error(cfg_t *block, const char *format, va_list args);
static void note_unknown(
    const struct parser *parser, const cfg_t *block, const char *name);
static int read_top(struct parser *parser, cfg_t *top);
static int read_default_account(struct parser *parser, cfg_t *top);
static int read_accounts(struct parser *parser, cfg_opt_t *blocks);
static int read_providers(struct parser *parser, cfg_opt_t *blocks);
static int read_block(struct parser *parser, cfg_t *block,
    struct settings *settings, struct provider *provider);
static int take_written(struct parser *parser, const char *name,
    const struct written *written, struct settings *settings,
    struct provider *provider);
static int written_init(
    struct written *written, struct parser *parser, cfg_opt_t *opt);
static void written_done(struct written *written);
static char *origin_text(const struct parser *parser, int line);

int
config_parse(struct config *config, const char *path, const char *text,
    size_t len, struct error *err)
{
	struct parser parser = {.config = config, .path = path, .err = err};
	struct grammar grammar;
	struct buf clean;
	cfg_t *top = NULL;
	int result = -1;

	buf_init(&clean, CLEAN_MAX);
	if (config_clean(path, text, len, &clean, err) == -1)
		goto out;
	grammar_init(&grammar, &parser);
	top = cfg_init(grammar.top, CFGF_NONE);
	if (top == NULL) {
		error_no_memory(err);
		goto out;
	}
	cfg_set_error_function(top, note_error);
	if (cfg_parse_buf(top, buf_text(&clean)) != CFG_SUCCESS) {
		if (!parser.failed)
			error_no_memory(err);
		goto out;
	}
	result = read_top(&parser, top);
out:
	cfg_free(top);
	buf_done(&clean);
	return result;
}

static void
grammar_init(struct grammar *grammar, struct parser *parser)
{
	cfg_flag_t flags = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
	cfg_opt_t *at;

	at = add_context(grammar->account, parser);
	at = add_settings(at, SETTING_IN_ACCOUNT);
	*at = (cfg_opt_t)CFG_END();

	at = add_context(grammar->provider, parser);
	at = add_settings(at, SETTING_IN_PROVIDER);
	at = add_fields(at);
	*at = (cfg_opt_t)CFG_END();

	at = add_context(grammar->top, parser);
	at = add_settings(at, SETTING_IN_DEFAULTS);
	*at++ = option("default-account", false);
	*at++ = (cfg_opt_t)CFG_SEC("account", grammar->account, flags);
	*at++ = (cfg_opt_t)CFG_SEC("provider", grammar->provider, flags);
	*at = (cfg_opt_t)CFG_END();
}

static cfg_opt_t *
add_context(cfg_opt_t *at, struct parser *parser)
{
	*at = option(CONTEXT_NAME, false);
	at->simple_value.ptr = (void *)parser;
	return at + 1;
}

static cfg_opt_t *
add_settings(cfg_opt_t *at, unsigned where)
{
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		const struct setting *row = setting_row((enum setting_id)i);

		if ((row->where & where) != 0)
			*at++ = option(
			    row->name, row->type == SETTING_LIST ||
					   row->type == SETTING_ADDRESSES);
	}
	return at;
}

static cfg_opt_t *
add_fields(cfg_opt_t *at)
{
	for (unsigned i = 0; i < PROVIDER_FIELD_COUNT; i++) {
		enum provider_field field = (enum provider_field)i;

		*at++ = option(
		    provider_field_name(field), provider_field_is_list(field));
	}
	return at;
}

static cfg_opt_t
option(const char *name, bool is_list)
{
	cfg_flag_t flags = CFGF_NODEFAULT | (is_list ? CFGF_LIST : CFGF_NONE);

	return (cfg_opt_t)CFG_PTR_CB(name, NULL, flags, keep_value, free);
}

static int
keep_value(cfg_t *block, cfg_opt_t *opt, const char *text, void *result)
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

/* Takes the place of libconfuse's own, which prints on stderr. */
static void
note_error(cfg_t *block, const char *format, va_list args)
{
	struct parser *parser = (void *)block->opts[0].simple_value.ptr;
	char what[ERROR_MESSAGE_SIZE];

	if (parser->failed)
		return; /* the first is the cause */
	parser->failed = true;
	if (strcmp(format, "no such option '%s'") == 0) {
		note_unknown(parser, block, va_arg(args, const char *));
		return;
	}
	vsnprintf(what, sizeof what, format, args);
	error_set(parser->err, ERROR_CONFIG, "%s:%d: %s", parser->path,
	    block->line, what);
	if (strncmp(format, "missing title", strlen("missing title")) == 0)
		error_hint(parser->err,
		    "a block begins with two words: "
		    "account NAME { ... }; \"provider = NAME\" belongs inside");
}

static void
note_unknown(const struct parser *parser, const cfg_t *block, const char *name)
{
	struct nearest nearest;

	error_set(parser->err, ERROR_CONFIG,
	    "%s:%d: there is no setting \"%.60s\" here", parser->path,
	    block->line, name);
	if (strncmp(name, "password", strlen("password")) == 0) {
		error_hint(parser->err,
		    "passwords live in the keyring: "
		    "\"postrider login\"; or see the setting credential");
		return;
	}
	nearest_init(&nearest, name);
	for (const cfg_opt_t *opt = block->opts + 1; opt->name != NULL; opt++)
		nearest_offer(&nearest, opt->name);
	if (nearest.best != NULL)
		error_hint(parser->err, "did you mean %s?", nearest.best);
	else
		error_hint(parser->err,
		    "a value that holds spaces needs quotes around it");
}

static int
read_top(struct parser *parser, cfg_t *top)
{
	if (read_block(parser, top, &parser->config->defaults, NULL) == -1 ||
	    read_default_account(parser, top) == -1 ||
	    read_accounts(parser, cfg_getopt(top, "account")) == -1)
		return -1;
	return read_providers(parser, cfg_getopt(top, "provider"));
}

static int
read_default_account(struct parser *parser, cfg_t *top)
{
	struct config *config = parser->config;
	const struct value *value = cfg_getptr(top, "default-account");

	if (value == NULL)
		return 0;
	config->default_account = strdup(value->text);
	config->default_origin = origin_text(parser, value->line);
	if (config->default_account == NULL || config->default_origin == NULL)
		return error_no_memory(parser->err);
	return 0;
}

static int
read_accounts(struct parser *parser, cfg_opt_t *blocks)
{
	struct config *config = parser->config;
	unsigned count = cfg_opt_size(blocks);

	config->account = calloc(count + 1, sizeof *config->account);
	if (config->account == NULL)
		return error_no_memory(parser->err);
	for (unsigned i = 0; i < count; i++) {
		cfg_t *block = cfg_opt_getnsec(blocks, i);
		struct config_account *account = &config->account[i];

		config->account_count++;
		account->name = strdup(cfg_title(block));
		if (account->name == NULL)
			return error_no_memory(parser->err);
		if (read_block(parser, block, &account->settings, NULL) == -1)
			return -1;
	}
	return 0;
}

static int
read_providers(struct parser *parser, cfg_opt_t *blocks)
{
	struct config *config = parser->config;
	unsigned count = cfg_opt_size(blocks);

	config->provider = calloc(count + 1, sizeof *config->provider);
	if (config->provider == NULL)
		return error_no_memory(parser->err);
	for (unsigned i = 0; i < count; i++) {
		cfg_t *block = cfg_opt_getnsec(blocks, i);
		struct provider *provider =
		    provider_new(cfg_title(block), parser->err);

		if (provider == NULL)
			return -1;
		config->provider[config->provider_count++] = provider;
		if (read_block(parser, block, &provider->settings, provider) ==
		    -1)
			return -1;
	}
	return 0;
}

/* Reads what the block says: its settings, and a provider's fields. */
static int
read_block(struct parser *parser, cfg_t *block, struct settings *settings,
    struct provider *provider)
{
	for (cfg_opt_t *opt = block->opts + 1; opt->name != NULL; opt++) {
		struct written written;
		int result;

		if (opt->nvalues == 0 || opt->type != CFGT_PTR)
			continue;
		if (written_init(&written, parser, opt) == -1)
			return -1;
		result = take_written(
		    parser, opt->name, &written, settings, provider);
		written_done(&written);
		if (result == -1)
			return -1;
	}
	return 0;
}

static int
take_written(struct parser *parser, const char *name,
    const struct written *written, struct settings *settings,
    struct provider *provider)
{
	const char *text = buf_text(&written->text);
	enum provider_field field;
	enum setting_id id;

	if (setting_find(name, &id))
		return settings_set(
		    settings, id, text, written->origin, parser->err);
	if (provider != NULL && provider_field_find(name, &field))
		return provider_set(
		    provider, field, text, written->origin, parser->err);
	return 0; /* default-account, which is read on its own */
}

static int
written_init(struct written *written, struct parser *parser, cfg_opt_t *opt)
{
	const struct value *value = cfg_opt_getnptr(opt, 0);

	buf_init(&written->text, VALUE_MAX);
	written->origin = origin_text(parser, value->line);
	if (written->origin == NULL)
		return error_no_memory(parser->err);
	for (unsigned i = 0; i < opt->nvalues; i++) {
		value = cfg_opt_getnptr(opt, i);
		if (buf_addf(&written->text, parser->err, "%s%s",
			i > 0 ? "\n" : "", value->text) == -1) {
			written_done(written);
			return -1;
		}
	}
	return 0;
}

static void
written_done(struct written *written)
{
	buf_done(&written->text);
	free(written->origin);
}

static char *
origin_text(const struct parser *parser, int line)
{
	struct buf text;
	struct error ignored;
	char *result = NULL;

	buf_init(&text, VALUE_MAX);
	if (buf_addf(&text, &ignored, "%s:%d", parser->path, line) == 0)
		result = buf_take(&text);
	buf_done(&text);
	return result;
}
