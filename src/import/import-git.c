/* SPDX-License-Identifier: MIT */
/*
 * Reads sendemail.* of git's configuration, which git itself prints, so that
 * its includes and levels are those of git.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/spawn.h"
#include "base/text.h"
#include "import/import-tools.h"

enum {
	IDENTITIES_MAX = 32,
	NAME_SIZE = 256
};

/* The first is for sendemail.* without an identity. */
struct identities {
	struct import *import;
	struct import_draft draft[IDENTITIES_MAX];
	size_t count;
	char place[2 * NAME_SIZE]; /* the key that is read */
};

static int run_git(const char *path, struct secret *output, struct error *err);
static int read_entries(struct identities *identities, const char *text,
    const char *end, struct error *err);
static int read_entry(struct identities *identities, const char *key,
    const char *value, struct error *err);
static struct import_draft *find_identity(struct identities *identities,
    const char *name, size_t len, struct error *err);
static int finish_identities(struct identities *identities, struct error *err);
static import_keyword_function set_server, set_encryption, set_server_option;

static const char prefix[] = "sendemail.";
static const struct import_draft_rules rules = {.tls = IMPORT_OFF,
    .starttls = IMPORT_ON,
    .port = "25"};

static const struct import_keyword keywords[] = {
    {"smtpserver", .set = set_server},
    {"smtpserverport", .id = SETTING_PORT},
    {"smtpuser", .id = SETTING_USER},
    {"smtppass", .set = import_set_password},
    {"smtpencryption", .set = set_encryption},
    {"smtpdomain", .id = SETTING_DOMAIN},
    {"smtpauth", .id = SETTING_AUTH},
    {"smtpsslcertpath", .id = SETTING_TLS_TRUST_FILE},
    {"smtpsslclientcert", .id = SETTING_TLS_CERT_FILE},
    {"smtpsslclientkey", .id = SETTING_TLS_KEY_FILE},
    {"from", .set = import_set_from},
    {"envelopesender", .why = "the address of the account is used"},
    {"smtpserveroption", .set = set_server_option},
    {"smtpbatchsize", .why = "postrider waits as the provider asks"},
    {"smtprelogindelay", .why = ""},
    {"sendmailcmd", .why = "git keeps it; set it to /usr/bin/postrider"},
    {.name = NULL},
};

int
import_git(struct import *import, const char *path, struct error *err)
{
	struct identities *identities = calloc(1, sizeof *identities);
	struct secret *output = secret_new(err);
	int result = -1;

	if (identities == NULL)
		error_no_memory(err);
	if (identities != NULL && output != NULL) {
		identities->import = import;
		result = run_git(path, output, err);
	}
	if (result == 0)
		result = read_entries(identities, secret_bytes(output),
		    secret_bytes(output) + secret_len(output), err);
	if (result == 0)
		result = finish_identities(identities, err);
	for (size_t i = 0; identities != NULL && i < identities->count; i++)
		import_draft_done(&identities->draft[i]);
	secret_free(output);
	free(identities);
	return result;
}

static int
run_git(const char *path, struct secret *output, struct error *err)
{
	char *argv[] = {"git", "config", "--includes", "--null", "--get-regexp",
	    "^sendemail\\.", NULL, NULL, NULL};
	char *argv_file[] = {"git", "config", "--includes", "--file",
	    (char *)path, "--null", "--get-regexp", "^sendemail\\.", NULL};
	struct spawn_child child;
	int result = -1;
	int status = 0;

	spawn_init(&child);
	if (spawn_start(&child, path != NULL ? argv_file : argv, SPAWN_OUT,
		err) == 0 &&
	    secret_read(output, child.out, INT64_MAX, err) == 0)
		result = spawn_wait(&child, INT64_MAX, &status, err);
	spawn_done(&child);
	if (result == 0 && status > 1) {
		error_set(err, ERROR_CONFIG,
		    "git can't read its configuration");
		result = -1;
	}
	return result;
}

/* "key\nvalue\0"; a key without a value is true. */
static int
read_entries(struct identities *identities, const char *text, const char *end,
    struct error *err)
{
	char key[NAME_SIZE];

	while (text < end) {
		size_t len = strlen(text);
		size_t key_len = strcspn(text, "\n");

		snprintf(key, sizeof key, "%.*s", (int)key_len, text);
		snprintf(identities->place, sizeof identities->place,
		    "git's %s", key);
		if (key_len < sizeof key &&
		    read_entry(identities, key + strlen(prefix),
			key_len < len ? text + key_len + 1 : "true", err) == -1)
			return -1;
		text += len + 1;
	}
	return 0;
}

/* key is "NAME" or "IDENTITY.NAME". What is not about the server is left. */
static int
read_entry(struct identities *identities, const char *key, const char *value,
    struct error *err)
{
	const char *dot = strrchr(key, '.');
	const char *name = dot != NULL ? dot + 1 : key;
	struct import_draft *draft = find_identity(identities, key,
	    dot != NULL ? (size_t)(dot - key) : 0, err);

	if (draft == NULL)
		return -1;
	for (const struct import_keyword *row = keywords; row->name != NULL;
	     row++) {
		if (text_equals(row->name, name))
			return import_keyword(draft, keywords, name, value,
			    err);
	}
	return 0;
}

static struct import_draft *
find_identity(struct identities *identities, const char *name, size_t len,
    struct error *err)
{
	struct import_draft *draft;

	for (size_t i = 0; i < identities->count; i++) {
		draft = &identities->draft[i];
		if (len == 0 ? i == 0
			     : i > 0 && text_is(name, len, draft->name))
			return draft;
	}
	if (identities->count == 0) {
		draft = &identities->draft[identities->count++];
		import_draft_init(draft, identities->import);
		draft->place = identities->place;
		draft->name = text_format(err, "git");
		return draft->name == NULL ? NULL
		    : len == 0             ? draft
			       : find_identity(identities, name, len, err);
	}
	if (identities->count == IDENTITIES_MAX) {
		error_set(err, ERROR_CONFIG,
		    "git's configuration: more than %d identities",
		    IDENTITIES_MAX - 1);
		return NULL;
	}
	draft = &identities->draft[identities->count++];
	import_draft_init(draft, identities->import);
	draft->place = identities->place;
	draft->name = text_format(err, "%.*s", (int)len, name);
	return draft->name == NULL ? NULL : draft;
}

/* An identity has what sendemail.* says, unless it says otherwise. */
static int
finish_identities(struct identities *identities, struct error *err)
{
	for (size_t i = identities->count; i > 0; i--) {
		struct import_draft *draft = &identities->draft[i - 1];
		struct import_draft whole;
		int result;

		import_draft_init(&whole, identities->import);
		whole.place = draft->place;
		whole.name = draft->name;
		draft->name = NULL;
		result =
		    import_draft_inherit(&whole, &identities->draft[0], err);
		if (result == 0)
			result = import_draft_inherit(&whole, draft, err);
		if (result == 0)
			result = import_draft_finish(&whole, &rules, err);
		import_draft_done(&whole);
		if (result == -1)
			return -1;
	}
	return 0;
}

/* A path is a program. */
static int
set_server(struct import_draft *draft, const char *value, struct error *err)
{
	return *value == '/' ? import_draft_note(draft, "sendemail.smtpserver",
				   "it is a program", err)
			     : import_draft_set_server(draft, value, err);
}

static int
set_encryption(struct import_draft *draft, const char *value, struct error *err)
{
	(void)err;
	draft->tls = text_equals(value, "ssl") || text_equals(value, "tls")
	    ? IMPORT_ON
	    : IMPORT_OFF;
	draft->starttls = text_equals(value, "ssl") ? IMPORT_OFF : IMPORT_ON;
	return 0;
}

static int
set_server_option(struct import_draft *draft, const char *value,
    struct error *err)
{
	(void)value;
	return import_draft_note(draft, "sendemail.smtpserveroption",
	    "it is for a program", err);
}
