/* SPDX-License-Identifier: MIT */
/*
 * Reads /etc/nullmailer/remotes: a server on each line, with options.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "import/import-tools.h"

enum {
	WORDS_MAX = 32
};

static int read_remote(struct import *import, struct import_lines *lines,
    struct error *err);
static int read_option(struct import_draft *draft, char *word,
    struct error *err);
static import_keyword_function set_ssl, set_starttls, set_login;

static const char *const files[] = {"/etc/nullmailer/remotes", NULL};
static const struct import_draft_rules rules = {.tls = IMPORT_OFF,
    .starttls = IMPORT_ON,
    .port = "25"};

static const struct import_keyword keywords[] = {
    {"port", .id = SETTING_PORT},
    {"user", .id = SETTING_USER},
    {"pass", .set = import_set_password},
    {"auth-login", .set = set_login},
    {"ssl", .set = set_ssl},
    {"tls", .set = set_ssl},
    {"starttls", .set = set_starttls},
    {"x509cafile", .id = SETTING_TLS_TRUST_FILE},
    {"x509certfile", .id = SETTING_TLS_CERT_FILE},
    {"x509crlfile", .id = SETTING_TLS_CRL_FILE},
    {"insecure",
	.why = "postrider always checks certificates; set "
	       "tls-trust-file or tls-fingerprint"},
    {"source", .why = "the address is chosen by the system"},
    {.name = NULL},
};

int
import_nullmailer(struct import *import, const char *path, struct error *err)
{
	struct import_lines lines;
	int result = 0;

	if (import_open(&lines, path, files, err) == -1)
		return -1;
	while (result == 0 && import_lines_next(&lines, "#", err))
		result = read_remote(import, &lines, err);
	if (result == 0 && err->code != ERROR_NONE)
		result = -1;
	import_lines_close(&lines);
	return result;
}

/* "HOST [PROTOCOL] [--OPTION[=VALUE]]..." */
static int
read_remote(struct import *import, struct import_lines *lines,
    struct error *err)
{
	char *word[WORDS_MAX];
	size_t count = import_split(lines->line, "", word, WORDS_MAX);
	struct import_draft draft;
	int result;

	import_draft_init(&draft, import);
	draft.place = lines->place;
	draft.name = text_format(err, "%s", word[0]);
	result = draft.name != NULL
	    ? import_draft_set_server(&draft, word[0], err)
	    : -1;
	for (size_t i = 1; result == 0 && i < count; i++) {
		if (*word[i] == '-')
			result = read_option(&draft, word[i], err);
		else if (!text_equals(word[i], "smtp"))
			result = error_set(err, ERROR_CONFIG,
			    "%s: postrider does not speak %s", lines->place,
			    word[i]);
	}
	if (result == 0)
		result = import_draft_finish(&draft, &rules, err);
	import_draft_done(&draft);
	return result;
}

static int
read_option(struct import_draft *draft, char *word, struct error *err)
{
	char *name = word + strspn(word, "-");
	char *value = strchr(name, '=');

	if (value != NULL)
		*value++ = '\0';
	return import_keyword(draft, keywords, name, value != NULL ? value : "",
	    err);
}

static int
set_ssl(struct import_draft *draft, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	draft->tls = IMPORT_ON;
	draft->starttls = IMPORT_OFF;
	return 0;
}

static int
set_starttls(struct import_draft *draft, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	draft->tls = IMPORT_ON;
	draft->starttls = IMPORT_ON;
	return 0;
}

static int
set_login(struct import_draft *draft, const char *value, struct error *err)
{
	(void)value;
	return import_draft_set(draft, SETTING_AUTH, "login", err);
}
