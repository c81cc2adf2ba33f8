/* SPDX-License-Identifier: MIT */
/*
 * Reads a muttrc, as far as it is about sending: "set" and "source". Nothing in
 * it is run.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "import/import-tools.h"

enum {
	DEPTH_MAX = 8,
	WORDS_MAX = 64
};

static int read_mutt(struct import *import, const char *name,
    const char *const *usual, const char *path, struct error *err);
static int read_file(struct import_draft *draft, const char *path,
    const char *const *usual, int depth, struct error *err);
static int read_line(struct import_draft *draft, char *line, int depth,
    struct error *err);
static int read_assignment(struct import_draft *draft, char *word,
    struct error *err);
static int name_account(struct import_draft *draft, const char *name,
    struct error *err);
static import_keyword_function set_password;

static const char *const mutt_files[] = {"~/.muttrc", "~/.mutt/muttrc",
    "~/.config/mutt/muttrc", NULL};
static const char *const neomutt_files[] = {"~/.config/neomutt/neomuttrc",
    "~/.neomuttrc", "~/.neomutt/neomuttrc", "~/.config/neomutt/muttrc",
    "~/.muttrc", "~/.mutt/muttrc", "~/.config/mutt/muttrc", NULL};

static const struct import_draft_rules rules = {.tls = IMPORT_ON,
    .starttls = IMPORT_ON};

/* Only these variables are about the server. */
static const struct import_keyword keywords[] = {
    {"smtp_url", .set = import_set_url},
    {"smtp_user", .id = SETTING_USER},
    {"smtp_pass", .set = set_password},
    {"smtp_authenticators", .id = SETTING_AUTH},
    {"smtp_oauth_refresh_command", .set = import_set_command},
    {"from", .set = import_set_from},
    {"realname", .id = SETTING_FULL_NAME},
    {"ssl_starttls", .why = ""},
    {"ssl_force_tls", .why = ""},
    {"ssl_client_cert", .id = SETTING_TLS_CERT_FILE},
    {"ssl_ca_certificates_file", .id = SETTING_TLS_TRUST_FILE},
    {"sendmail", .why = "set sendmail = \"/usr/bin/postrider\" in it instead"},
    {.name = NULL},
};

int
import_mutt(struct import *import, const char *path, struct error *err)
{
	return read_mutt(import, "mutt", mutt_files, path, err);
}

int
import_neomutt(struct import *import, const char *path, struct error *err)
{
	return read_mutt(import, "neomutt", neomutt_files, path, err);
}

static int
read_mutt(struct import *import, const char *name, const char *const *usual,
    const char *path, struct error *err)
{
	struct import_draft draft;
	int result;

	import_draft_init(&draft, import);
	result = read_file(&draft, path, usual, 0, err);
	if (result == 0)
		result = name_account(&draft, name, err);
	if (result == 0)
		result = import_draft_finish(&draft, &rules, err);
	import_draft_done(&draft);
	return result;
}

static int
read_file(struct import_draft *draft, const char *path,
    const char *const *usual, int depth, struct error *err)
{
	const char *outer = draft->place;
	struct import_lines *lines = malloc(sizeof *lines);
	int result = 0;

	if (lines == NULL)
		return error_no_memory(err);
	if (import_open(lines, path, usual, err) == -1) {
		free(lines);
		return depth == 0
		    ? -1
		    : import_draft_note(draft, "source", err->message, err);
	}
	while (result == 0 && import_lines_next(lines, "#", err)) {
		draft->place = lines->place;
		result = read_line(draft, lines->line, depth, err);
	}
	if (result == 0 && err->code != ERROR_NONE)
		result = -1;
	draft->place = outer;
	import_lines_close(lines);
	free(lines);
	return result;
}

static int
read_line(struct import_draft *draft, char *line, int depth, struct error *err)
{
	char *word[WORDS_MAX];
	size_t len = strcspn(line, " \t");
	bool is_source = text_is(line, len, "source");
	size_t count;

	if (!is_source && !text_is(line, len, "set"))
		return 0;
	count = import_split(line + len, "", word, WORDS_MAX);
	if (is_source && count == 1 && depth < DEPTH_MAX &&
	    strchr(word[0], '|') == NULL)
		return read_file(draft, word[0], NULL, depth + 1, err);
	if (is_source)
		return import_draft_note(draft, "source",
		    "the command is not run", err);
	for (size_t i = 0; i < count; i++) {
		/* "name = value" has blanks. */
		if (i + 2 < count && strcmp(word[i + 1], "=") == 0) {
			char *joined =
			    text_format(err, "%s=%s", word[i], word[i + 2]);
			int result = joined == NULL
			    ? -1
			    : read_assignment(draft, joined, err);

			if (joined != NULL)
				secret_wipe(joined, strlen(joined));
			free(joined);
			if (result == -1)
				return -1;
			i += 2;
		} else if (read_assignment(draft, word[i], err) == -1) {
			return -1;
		}
	}
	return 0;
}

static int
read_assignment(struct import_draft *draft, char *word, struct error *err)
{
	char *equals = strchr(word, '=');

	if (equals == NULL)
		return 0;
	*equals = '\0';
	for (const struct import_keyword *row = keywords; row->name != NULL;
	     row++) {
		if (!text_equals(row->name, word))
			continue;
		if (strchr(equals + 1, '$') != NULL &&
		    row->id != SETTING_CREDENTIAL && row->set != set_password)
			return import_draft_note(draft, word,
			    "its value has a variable", err);
		return import_keyword(draft, keywords, word, equals + 1, err);
	}
	return 0;
}

/* By its address, else the name of the program. */
static int
name_account(struct import_draft *draft, const char *name, struct error *err)
{
	const char *from = draft->settings.text[SETTING_FROM];

	draft->place = name;
	draft->name = text_format(err, "%s", from != NULL ? from : name);
	return draft->name == NULL ? -1 : 0;
}

/* "`pass show mail`" is run by mutt. */
static int
set_password(struct import_draft *draft, const char *value, struct error *err)
{
	size_t len = strlen(value);
	char *command;
	int result;

	if (len < 2 || *value != '`' || value[len - 1] != '`')
		return import_draft_set_password(draft, value, err);
	command = text_format(err, "%.*s", (int)len - 2, value + 1);
	result = command == NULL
	    ? -1
	    : import_draft_set_command(draft, command, err);
	free(command);
	return result;
}
