/* SPDX-License-Identifier: MIT */
/*
 * Options stand before or behind the operation, as --NAME=VALUE. What is no row
 * here is a setting.
 */
#include "keeper/options.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "config/setting-types.h"

enum {
	NAME_MAX_LEN = 64
};

struct row {
	const char *name;
	bool takes_value;
	int (*take)(struct keeper_options *options, const char *value,
	    struct error *err);
};

static int take_config(struct keeper_options *options, const char *value,
    struct error *err);
static int take_account(struct keeper_options *options, const char *value,
    struct error *err);
static int take_new(struct keeper_options *options, const char *value,
    struct error *err);
static int take_device(struct keeper_options *options, const char *value,
    struct error *err);
static int take_paste(struct keeper_options *options, const char *value,
    struct error *err);
static int take_min_valid(struct keeper_options *options, const char *value,
    struct error *err);
static int take_help(struct keeper_options *options, const char *value,
    struct error *err);
static int take_version(struct keeper_options *options, const char *value,
    struct error *err);
static int parse_option(struct keeper_options *options, const char *word,
    struct error *err);
static const struct row *find_row(const char *name);
static int parse_setting(struct keeper_options *options, const char *name,
    const char *value, struct error *err);

static const struct row rows[] = {
    {"config", true, take_config},
    {"account", true, take_account},
    {"new", false, take_new},
    {"device", false, take_device},
    {"paste", false, take_paste},
    {"min-valid", true, take_min_valid},
    {"help", false, take_help},
    {"version", false, take_version},
};

int
keeper_options_parse(struct keeper_options *options, int argc,
    char *const argv[], struct error *err)
{
	*options = (struct keeper_options){0};
	settings_init(&options->flags);
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];

		if (text_has_prefix(word, "--")) {
			if (parse_option(options, word + 2, err) == -1)
				return -1;
		} else if (*word == '-' || options->operation != NULL) {
			return error_set(err, ERROR_USAGE,
			    "one word too many: %s", word);
		} else {
			options->operation = word;
		}
	}
	return 0;
}

void
keeper_options_done(struct keeper_options *options)
{
	settings_done(&options->flags);
}

static int
parse_option(struct keeper_options *options, const char *word,
    struct error *err)
{
	size_t len = strcspn(word, "=");
	const char *value = word[len] == '=' ? word + len + 1 : NULL;
	char name[NAME_MAX_LEN + 1];
	const struct row *row;

	if (len > NAME_MAX_LEN)
		return error_set(err, ERROR_USAGE, "there is no option --%s",
		    word);
	memcpy(name, word, len);
	name[len] = '\0';
	row = find_row(name);
	if (row == NULL)
		return parse_setting(options, name, value, err);
	if (row->takes_value != (value != NULL))
		return error_set(err, ERROR_USAGE, "--%s%s", name,
		    value != NULL ? " takes no value" : " needs =VALUE");
	return row->take(options, value, err);
}

static const struct row *
find_row(const char *name)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	}
	return NULL;
}

static int
parse_setting(struct keeper_options *options, const char *name,
    const char *value, struct error *err)
{
	enum setting_id id;

	if (!setting_find(name, &id))
		return error_set(err, ERROR_USAGE, "there is no option --%s",
		    name);
	if (value == NULL)
		return error_set(err, ERROR_USAGE, "--%s needs =VALUE", name);
	options->selects = true;
	return settings_set(&options->flags, id, value, "--", err);
}

static int
take_config(struct keeper_options *options, const char *value,
    struct error *err)
{
	(void)err;
	options->config_path = value;
	return 0;
}

static int
take_account(struct keeper_options *options, const char *value,
    struct error *err)
{
	(void)err;
	options->account = value;
	options->selects = true;
	return 0;
}

static int
take_new(struct keeper_options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->is_new = true;
	options->selects = true;
	return 0;
}

static int
take_device(struct keeper_options *options, const char *value,
    struct error *err)
{
	(void)value;
	(void)err;
	options->device = true;
	return 0;
}

static int
take_paste(struct keeper_options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->paste = true;
	return 0;
}

static int
take_min_valid(struct keeper_options *options, const char *value,
    struct error *err)
{
	return setting_duration_parse(value, "--min-valid",
	    &options->min_valid_ms, err);
}

static int
take_help(struct keeper_options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->help = true;
	return 0;
}

static int
take_version(struct keeper_options *options, const char *value,
    struct error *err)
{
	(void)value;
	(void)err;
	options->version = true;
	return 0;
}
