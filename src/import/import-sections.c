/* SPDX-License-Identifier: MIT */
/*
 * Reads files of sections: accounts.conf of aerc, and config.toml of Himalaya,
 * as far as it is about sending.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "import/import-tools.h"

enum {
	NAME_SIZE = 512
};

struct sections {
	const char *const *files;
	const struct import_keyword *keywords;
	const struct import_draft_rules *rules;
	const char *prefix; /* of the name of a section that is an account */
};

/* What is read: an account, and where in it. */
struct reader {
	const struct sections *format;
	struct import_draft draft;
	char group[NAME_SIZE]; /* prefix of the keywords, "message.send." */
};

static int read_sections(struct import *import, const struct sections *format,
    const char *path, struct error *err);
static int read_section(struct reader *reader, char *line, struct error *err);
static int begin_account(struct reader *reader, const char *name,
    struct error *err);
static int read_keyword(struct reader *reader, char *line, struct error *err);
static bool is_known(const struct import_keyword *table, const char *name);
static char *unquoted(char *value);
static import_keyword_function set_encryption, set_default;

static const char *const aerc_files[] = {"~/.config/aerc/accounts.conf", NULL};
static const char *const himalaya_files[] = {"~/.config/himalaya/config.toml",
    "~/.himalaya.toml", "~/.himalayarc", NULL};

static const struct import_keyword aerc_keywords[] = {
    {"outgoing", .set = import_set_url},
    {"outgoing-cred-cmd", .set = import_set_command},
    {"from", .set = import_set_from},
    {"smtp-starttls", .why = ""},
    {"smtp-domain", .id = SETTING_DOMAIN},
    {.name = NULL},
};
static const struct import_draft_rules aerc_rules = {.tls = IMPORT_ON,
    .starttls = IMPORT_ON};

#define SEND "message.send.backend."
static const struct import_keyword himalaya_keywords[] = {
    {"default", .set = set_default},
    {"email", .id = SETTING_FROM},
    {"display-name", .id = SETTING_FULL_NAME},
    {SEND "host", .id = SETTING_HOST},
    {SEND "port", .id = SETTING_PORT},
    {SEND "login", .id = SETTING_USER},
    {SEND "encryption", .set = set_encryption},
    {SEND "encryption.type", .set = set_encryption},
    {SEND "auth.raw", .set = import_set_password},
    {SEND "auth.cmd", .set = import_set_command},
    {SEND "auth.command", .set = import_set_command},
    {SEND "auth.keyring", .why = "store the password with postrider login"},
    {SEND "auth.client-id", .id = SETTING_CLIENT_ID},
    {"smtp-host", .id = SETTING_HOST},
    {"smtp-port", .id = SETTING_PORT},
    {"smtp-login", .id = SETTING_USER},
    {"smtp-ssl", .set = import_set_tls},
    {"smtp-starttls", .set = import_set_starttls},
    {"smtp-passwd-cmd", .set = import_set_command},
    {.name = NULL},
};
static const struct import_draft_rules himalaya_rules = {.tls = IMPORT_ON,
    .starttls = IMPORT_OFF};

int
import_aerc(struct import *import, const char *path, struct error *err)
{
	static const struct sections format = {aerc_files, aerc_keywords,
	    &aerc_rules, ""};

	return read_sections(import, &format, path, err);
}

int
import_himalaya(struct import *import, const char *path, struct error *err)
{
	static const struct sections format = {himalaya_files,
	    himalaya_keywords, &himalaya_rules, "accounts."};

	return read_sections(import, &format, path, err);
}

static int
read_sections(struct import *import, const struct sections *format,
    const char *path, struct error *err)
{
	struct reader reader = {.format = format};
	struct import_lines lines;
	int result = 0;

	if (import_open(&lines, path, format->files, err) == -1)
		return -1;
	import_draft_init(&reader.draft, import);
	reader.draft.place = lines.place;
	while (result == 0 && import_lines_next(&lines, "#;", err))
		result = *lines.line == '['
		    ? read_section(&reader, lines.line, err)
		    : read_keyword(&reader, lines.line, err);
	if (result == 0 && err->code != ERROR_NONE)
		result = -1;
	if (result == 0)
		result = import_draft_finish(&reader.draft, format->rules, err);
	import_draft_done(&reader.draft);
	import_lines_close(&lines);
	return result;
}

/* "[accounts.NAME.message.send]": a later section of the same account. */
static int
read_section(struct reader *reader, char *line, struct error *err)
{
	char *end = strrchr(line, ']');
	const char *prefix = reader->format->prefix;
	size_t prefix_len = strlen(prefix);
	char *name = line + 1;
	char *dot;

	if (end == NULL)
		return error_set(err, ERROR_CONFIG, "%s: a ] is missing",
		    reader->draft.place);
	*end = '\0';
	reader->group[0] = '\0';
	if (strncmp(name, prefix, prefix_len) != 0)
		return begin_account(reader, NULL, err);
	name += prefix_len;
	dot = prefix_len > 0 ? strchr(name, '.') : NULL;
	if (dot != NULL) {
		snprintf(reader->group, NAME_SIZE, "%s.", dot + 1);
		*dot = '\0';
	}
	name = unquoted(name);
	return reader->draft.name != NULL &&
		strcmp(reader->draft.name, name) == 0
	    ? 0
	    : begin_account(reader, name, err);
}

/* name is NULL for a section that is no account. */
static int
begin_account(struct reader *reader, const char *name, struct error *err)
{
	const char *place = reader->draft.place;

	if (import_draft_finish(&reader->draft, reader->format->rules, err) ==
	    -1)
		return -1;
	reader->draft.place = place;
	if (name == NULL)
		return 0;
	reader->draft.name = text_format(err, "%s", name);
	return reader->draft.name == NULL ? -1 : 0;
}

static int
read_keyword(struct reader *reader, char *line, struct error *err)
{
	const struct import_keyword *keywords = reader->format->keywords;
	char *equals = strchr(line, '=');
	char name[NAME_SIZE];

	if (equals == NULL)
		return error_set(err, ERROR_CONFIG,
		    "%s: expected KEYWORD = VALUE", reader->draft.place);
	*equals = '\0';
	snprintf(name, sizeof name, "%s%s", reader->group, text_trim(line));
	if (reader->draft.name == NULL || !is_known(keywords, name))
		return 0;
	return import_keyword(&reader->draft, keywords, name,
	    unquoted(text_trim(equals + 1)), err);
}

static bool
is_known(const struct import_keyword *table, const char *name)
{
	for (; table->name != NULL; table++) {
		if (text_equals(table->name, name))
			return true;
	}
	return false;
}

static char *
unquoted(char *value)
{
	size_t len = strlen(value);

	if (len < 2 || (*value != '"' && *value != '\'') ||
	    value[len - 1] != *value)
		return value;
	value[len - 1] = '\0';
	return value + 1;
}

static int
set_encryption(struct import_draft *draft, const char *value, struct error *err)
{
	draft->tls = text_equals(value, "none") ? IMPORT_OFF : IMPORT_ON;
	draft->starttls =
	    text_equals(value, "start-tls") ? IMPORT_ON : IMPORT_OFF;
	(void)err;
	return 0;
}

static int
set_default(struct import_draft *draft, const char *value, struct error *err)
{
	struct import *import = draft->import;

	if (!text_equals(value, "true"))
		return 0;
	free(import->default_account);
	import->default_account = text_format(err, "%s", draft->name);
	return import->default_account == NULL ? -1 : 0;
}
