/* SPDX-License-Identifier: MIT */
/*
 * Sets or removes a setting in a configuration of arbitrary bytes, if it is
 * valid: the result is valid and has the value, all other settings are the
 * same, and no byte has changed but those of the setting.
 *
 * Input: the operation, the block, the setting, the length of the value, the
 * value, and the configuration.
 */
#include "fuzz.h"

#include <string.h>

#include "base/buf.h"
#include "config/config-compare.h"
#include "config/config-edit.h"
#include "config/config.h"
#include "config/parse.h"

enum {
	HEAD = 4,
	TEXT_MAX = 1 << 20
};

struct edit {
	bool removes;
	bool is_list;
	struct config_place place;
	enum setting_id id;
	struct settings value; /* of the one setting */
	struct config *before;
	const char *text;
	size_t len;
};

static struct config *
parse_config(const char *text, size_t len)
{
	struct config *config = calloc(1, sizeof *config);
	struct error err;

	if (config == NULL ||
	    config_parse(config, "file", text, len, &err) == 0)
		return config;
	config_free(config);
	return NULL;
}

static void
choose_place(struct edit *edit, const uint8_t *head)
{
	const struct config *config = edit->before;
	size_t block = head[1] % (config->account_count + 1);
	enum setting_type type;

	edit->removes = head[0] % 2 == 1;
	edit->id = (enum setting_id)(head[2] % SETTING_COUNT);
	type = setting_row(edit->id)->type;
	edit->is_list = setting_type_is_list(type);
	edit->place.name = setting_row(edit->id)->name;
	if (block == 0)
		return;
	edit->place.kind = GRAMMAR_ACCOUNT;
	edit->place.title = config->account[block - 1].name;
}

/* Whether the value may be written there. */
static bool
choose_value(struct edit *edit, const char *value, size_t len)
{
	unsigned where = setting_row(edit->id)->where;
	char copy[UINT8_MAX + 1];
	struct error err;

	memcpy(copy, value, len);
	copy[len] = '\0';
	if (edit->place.kind == GRAMMAR_TOP &&
	    (where & SETTING_IN_DEFAULTS) == 0)
		return false;
	return settings_set(&edit->value, edit->id, copy, "x:1", &err) == 0;
}

static const char *
value_of(const struct edit *edit, const struct config *config)
{
	if (edit->place.kind == GRAMMAR_TOP)
		return config->defaults.text[edit->id];
	return config_find_account(config, edit->place.title)
	    ->settings.text[edit->id];
}

/* Whether the text is the old one with other bytes in place of some. */
static bool
differs_only_between(const struct edit *edit, const struct buf *after,
    size_t start, size_t end)
{
	size_t tail = edit->len - end;

	return after->len >= start + tail &&
	    memcmp(edit->text, after->data, start) == 0 &&
	    memcmp(edit->text + end, after->data + after->len - tail, tail) ==
	    0;
}

/* An assignment is replaced, or something is inserted somewhere. */
static void
check_bytes(const struct edit *edit, const struct buf *after)
{
	struct config_scan scan;
	struct error err;
	size_t head = 0;

	require(
	    config_scan(edit->text, edit->len, &edit->place, &scan, &err) == 0);
	if (edit->removes)
		return;
	if (scan.has_match) {
		require(differs_only_between(edit, after,
		    scan.match.appends ? scan.match.sign : scan.match.value,
		    scan.match.end));
		return;
	}
	while (head < edit->len && edit->text[head] == after->data[head])
		head++;
	require(differs_only_between(edit, after, head, head));
}

static void
check_result(const struct edit *edit, const struct buf *after)
{
	struct config *config = parse_config(buf_text(after), after->len);
	const char *found;

	require(config != NULL);
	require(config_compare(edit->before, config, &edit->place));
	found = value_of(edit, config);
	if (edit->removes)
		require(found == NULL);
	else
		require(found != NULL &&
		    strcmp(found, edit->value.text[edit->id]) == 0);
	check_bytes(edit, after);
	config_free(config);
}

static void
try_edit(const struct edit *edit)
{
	struct buf text;
	struct error err;
	bool found;

	buf_init(&text, TEXT_MAX);
	require(buf_add(&text, edit->text, edit->len, &err) == 0);
	if (edit->removes)
		require(
		    config_edit_unset(&text, &edit->place, &found, &err) == 0);
	else
		require(
		    config_edit_set(&text, &edit->place,
			edit->value.text[edit->id], edit->is_list, &err) == 0);
	check_result(edit, &text);
	buf_done(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct edit edit = {.removes = false};
	size_t value_len;

	if (len < HEAD || len - HEAD < data[3])
		return 0;
	value_len = data[3];
	edit.text = (const char *)data + HEAD + value_len;
	edit.len = len - HEAD - value_len;
	edit.before = parse_config(edit.text, edit.len);
	if (edit.before == NULL)
		return 0;
	choose_place(&edit, data);
	settings_init(&edit.value);
	if (choose_value(&edit, (const char *)data + HEAD, value_len) ||
	    edit.removes)
		try_edit(&edit);
	settings_done(&edit.value);
	config_free(edit.before);
	return 0;
}
