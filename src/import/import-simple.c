/* SPDX-License-Identifier: MIT */
/*
 * Reads programs that have one server, by a keyword and a value on each line:
 * ssmtp and esmtp; and swaks, by its options.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "import/import-tools.h"

struct simple_format {
	const char *const *files;
	const struct import_keyword *keywords;
	const struct import_draft_rules *rules;
	const char *name;      /* of the account */
	const char *separator; /* between keyword and value */
};

static int read_simple(struct import *import,
    const struct simple_format *format, const char *path, struct error *err);
static int read_line(struct import_draft *draft,
    const struct simple_format *format, char *line, struct error *err);
static import_keyword_function set_ssmtp_starttls, set_identity,
    set_esmtp_starttls, set_tls_on, set_tls_implicit, set_rewrite_domain;

static const char *const ssmtp_files[] = {"/etc/ssmtp/ssmtp.conf", NULL};
static const char *const esmtp_files[] = {"~/.esmtprc", "/etc/esmtprc", NULL};
static const char *const swaks_files[] = {"~/.swaksrc", NULL};

static const struct import_keyword ssmtp_keywords[] = {
    {"mailhub", .set = import_set_server},
    {"AuthUser", .id = SETTING_USER},
    {"AuthPass", .set = import_set_password},
    {"AuthMethod", .id = SETTING_AUTH},
    {"UseTLS", .set = import_set_tls},
    {"UseSTARTTLS", .set = set_ssmtp_starttls},
    {"UseTLSCert", .why = ""},
    {"TLSCert", .id = SETTING_TLS_CERT_FILE},
    {"TLSKey", .id = SETTING_TLS_KEY_FILE},
    {"TLS_CA_File", .id = SETTING_TLS_TRUST_FILE},
    {"TLS_CA_Dir", .why = "name a file in tls-trust-file"},
    {"hostname", .id = SETTING_DOMAIN},
    {"rewriteDomain", .set = set_rewrite_domain},
    {"root", .id = SETTING_LOCAL_RECIPIENT},
    {"FromLineOverride", .why = ""},
    {"Debug", .why = "use -v"},
    {.name = NULL},
};
static const struct import_draft_rules ssmtp_rules = {.tls = IMPORT_OFF,
    .starttls = IMPORT_OFF,
    .port = "25"};

static const struct import_keyword esmtp_keywords[] = {
    {"hostname", .set = import_set_server},
    {"username", .id = SETTING_USER},
    {"password", .set = import_set_password},
    {"starttls", .set = set_esmtp_starttls},
    {"certificate_passphrase", .why = "postrider reads keys without one"},
    {"force_sender", .why = "use set-from = always"},
    {"force", .why = "use set-from = always"},
    {"identity", .set = set_identity},
    {"preconnect", .why = "the command is not run"},
    {"postconnect", .why = "the command is not run"},
    {"mda", .why = "postrider delivers to a server only"},
    {.name = NULL},
};
static const struct import_draft_rules esmtp_rules = {.tls = IMPORT_OFF,
    .starttls = IMPORT_ON,
    .port = "25"};

static const struct import_keyword swaks_keywords[] = {
    {"server", .set = import_set_server},
    {"s", .set = import_set_server},
    {"port", .id = SETTING_PORT},
    {"p", .id = SETTING_PORT},
    {"auth", .set = import_set_auth},
    {"a", .set = import_set_auth},
    {"auth-user", .id = SETTING_USER},
    {"au", .id = SETTING_USER},
    {"auth-password", .set = import_set_password},
    {"ap", .set = import_set_password},
    {"from", .set = import_set_from},
    {"f", .set = import_set_from},
    {"helo", .id = SETTING_DOMAIN},
    {"ehlo", .id = SETTING_DOMAIN},
    {"h", .id = SETTING_DOMAIN},
    {"tls", .set = set_tls_on},
    {"tls-on-connect", .set = set_tls_implicit},
    {"tlsc", .set = set_tls_implicit},
    {"tls-cert", .id = SETTING_TLS_CERT_FILE},
    {"tls-key", .id = SETTING_TLS_KEY_FILE},
    {"tls-ca-path", .id = SETTING_TLS_TRUST_FILE},
    {"timeout", .id = SETTING_TIMEOUT},
    {"to", .why = "recipients are named when a message is sent"},
    {"t", .why = "recipients are named when a message is sent"},
    {.name = NULL},
};
static const struct import_draft_rules swaks_rules = {.tls = IMPORT_OFF,
    .starttls = IMPORT_ON,
    .port = "25"};

int
import_ssmtp(struct import *import, const char *path, struct error *err)
{
	static const struct simple_format format = {ssmtp_files, ssmtp_keywords,
	    &ssmtp_rules, "ssmtp", "="};

	return read_simple(import, &format, path, err);
}

int
import_esmtp(struct import *import, const char *path, struct error *err)
{
	static const struct simple_format format = {esmtp_files, esmtp_keywords,
	    &esmtp_rules, "esmtp", "="};

	return read_simple(import, &format, path, err);
}

int
import_swaks(struct import *import, const char *path, struct error *err)
{
	static const struct simple_format format = {swaks_files, swaks_keywords,
	    &swaks_rules, "swaks", " \t"};

	return read_simple(import, &format, path, err);
}

static int
read_simple(struct import *import, const struct simple_format *format,
    const char *path, struct error *err)
{
	struct import_draft draft;
	struct import_lines lines;
	int result = 0;

	if (import_open(&lines, path, format->files, err) == -1)
		return -1;
	import_draft_init(&draft, import);
	draft.place = lines.place;
	draft.name = text_format(err, "%s", format->name);
	if (draft.name == NULL)
		result = -1;
	while (result == 0 && import_lines_next(&lines, "#", err))
		result = read_line(&draft, format, lines.line, err);
	if (result == 0 && err->code != ERROR_NONE)
		result = -1;
	if (result == 0)
		result = import_draft_finish(&draft, format->rules, err);
	import_draft_done(&draft);
	import_lines_close(&lines);
	return result;
}

/* The value may be in quotes; options begin with one or two hyphens, and their
 * value may be missing. */
static int
read_line(struct import_draft *draft, const struct simple_format *format,
    char *line, struct error *err)
{
	char *name = line + strspn(line, "-");
	size_t len = strcspn(name, format->separator);
	char *value = name + len + (name[len] != '\0');
	size_t value_len;

	if (name[len] == '\0' && *format->separator == '=')
		/* esmtp also has blanks: identity alice@example.org */
		len = strcspn(name, " \t");
	if (name[len] == '\0' && *format->separator == '=')
		return error_set(err, ERROR_CONFIG,
		    "%s: expected KEYWORD = VALUE", draft->place);
	if (name[len] != '\0')
		value = name + len + 1;
	name[len] = '\0';
	name = text_trim(name);
	value = text_trim(value);
	value_len = strlen(value);
	if (value_len >= 2 && (*value == '"' || *value == '\'') &&
	    value[value_len - 1] == *value) {
		value[value_len - 1] = '\0';
		value++;
	}
	return import_keyword(draft, format->keywords, name, value, err);
}

/* It switches TLS on, too. */
static int
set_ssmtp_starttls(struct import_draft *draft, const char *value,
    struct error *err)
{
	if (import_draft_switch(draft, value, &draft->starttls, err) == -1)
		return -1;
	if (draft->starttls == IMPORT_ON)
		draft->tls = IMPORT_ON;
	return 0;
}

/* An identity of esmtp is another account, from here on. */
static int
set_identity(struct import_draft *draft, const char *value, struct error *err)
{
	const char *place = draft->place;

	if (import_draft_finish(draft, &esmtp_rules, err) == -1)
		return -1;
	draft->place = place;
	draft->name = text_format(err, "%s", value);
	return draft->name == NULL
	    ? -1
	    : import_draft_set(draft, SETTING_FROM, value, err);
}

static int
set_esmtp_starttls(struct import_draft *draft, const char *value,
    struct error *err)
{
	draft->starttls = IMPORT_ON;
	return import_draft_switch(draft,
	    text_equals(value, "enabled") ? "on" : value, &draft->tls, err);
}

static int
set_tls_on(struct import_draft *draft, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	draft->tls = IMPORT_ON;
	return 0;
}

static int
set_tls_implicit(struct import_draft *draft, const char *value,
    struct error *err)
{
	draft->starttls = IMPORT_OFF;
	return set_tls_on(draft, value, err);
}

static int
set_rewrite_domain(struct import_draft *draft, const char *value,
    struct error *err)
{
	return *value == '\0'
	    ? 0
	    : import_draft_note(draft, "rewriteDomain",
		  "set from to the address of the account", err);
}
