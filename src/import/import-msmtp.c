/* SPDX-License-Identifier: MIT */
/*
 * Reads msmtprc (msmtp 1.8): blocks that begin with "defaults" or "account",
 * and inherit from others.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "import/import-tools.h"

enum {
	BLOCKS_MAX = 64
};

/* Blocks stay to the end, because later ones may inherit from them. */
struct msmtp {
	struct import *import;
	struct import_draft defaults;
	struct import_draft block[BLOCKS_MAX];
	size_t count;
	struct import_draft *current;
};

static int msmtp_read(struct msmtp *msmtp, struct import_lines *lines,
    struct error *err);
static int msmtp_line(struct msmtp *msmtp, struct import_lines *lines,
    struct error *err);
static int msmtp_begin(struct msmtp *msmtp, char *words, const char *place,
    struct error *err);
static int msmtp_inherit(struct msmtp *msmtp, char *names, const char *place,
    struct error *err);
static const struct import_draft *msmtp_find(const struct msmtp *msmtp,
    const char *name);
static int msmtp_finish(struct msmtp *msmtp, struct error *err);
static char *value_of(char *line);
static import_keyword_function set_auth, set_from_header, set_protocol,
    set_timeout, set_trust_file, set_log_file;

static const char *const msmtp_files[] = {"~/.msmtprc",
    "~/.config/msmtp/config", "/etc/msmtprc", NULL};

/* Ports and switches are those of msmtp(1). */
static const struct import_draft_rules msmtp_rules = {.tls = IMPORT_OFF,
    .starttls = IMPORT_ON,
    .auth = IMPORT_OFF,
    .port = "25"};

static const struct import_keyword keywords[] = {
    {"host", .id = SETTING_HOST},
    {"port", .id = SETTING_PORT},
    {"user", .id = SETTING_USER},
    {"password", .set = import_set_password},
    {"passwordeval", .set = import_set_command},
    {"from", .set = import_set_from},
    {"from_full_name", .id = SETTING_FULL_NAME},
    {"auth", .set = set_auth},
    {"tls", .set = import_set_tls},
    {"tls_starttls", .set = import_set_starttls},
    {"tls_trust_file", .set = set_trust_file},
    {"tls_crl_file", .id = SETTING_TLS_CRL_FILE},
    {"tls_fingerprint", .id = SETTING_TLS_FINGERPRINT},
    {"tls_priorities", .id = SETTING_TLS_PRIORITY},
    {"tls_cert_file", .id = SETTING_TLS_CERT_FILE},
    {"tls_key_file", .id = SETTING_TLS_KEY_FILE},
    {"tls_certcheck",
	.why = "postrider always checks certificates; set "
	       "tls-trust-file or tls-fingerprint"},
    {"tls_min_dh_prime_bits", .why = ""},
    {"tls_host_override", .why = "the certificate must be for the host"},
    {"ntlmdomain", .id = SETTING_NTLM_DOMAIN},
    {"domain", .id = SETTING_DOMAIN},
    {"maildomain", .why = "names without a domain get that of the address"},
    {"aliases", .id = SETTING_ALIASES},
    {"timeout", .set = set_timeout},
    {"logfile", .set = set_log_file},
    {"logfile_time_format", .why = "the time in the log has a fixed format"},
    {"syslog", .id = SETTING_SYSLOG},
    {"set_from_header", .set = set_from_header},
    {"auto_from", .why = "the address comes from the account"},
    {"allow_from_override", .why = ""},
    {"set_date_header", .why = ""},
    {"set_msgid_header", .why = ""},
    {"remove_bcc_headers", .why = ""},
    {"add_missing_from_header", .why = ""},
    {"add_missing_date_header", .why = ""},
    {"protocol", .set = set_protocol},
    {"dsn_notify", .why = "use the option -N"},
    {"dsn_return", .why = "use the option -R"},
    {"proxy_host", .why = "postrider does not use proxies"},
    {"proxy_port", .why = ""},
    {"socket", .why = "use host = unix:FILE"},
    {.name = NULL},
};

int
import_msmtp(struct import *import, const char *path, struct error *err)
{
	struct msmtp *msmtp = calloc(1, sizeof *msmtp);
	struct import_lines lines;
	int result = -1;

	if (msmtp == NULL)
		return error_no_memory(err);
	msmtp->import = import;
	import_draft_init(&msmtp->defaults, import);
	if (import_open(&lines, path, msmtp_files, err) == 0) {
		result = msmtp_read(msmtp, &lines, err);
		import_lines_close(&lines);
	}
	import_draft_done(&msmtp->defaults);
	for (size_t i = 0; i < msmtp->count; i++)
		import_draft_done(&msmtp->block[i]);
	free(msmtp);
	return result;
}

static int
msmtp_read(struct msmtp *msmtp, struct import_lines *lines, struct error *err)
{
	while (import_lines_next(lines, "#", err)) {
		if (msmtp_line(msmtp, lines, err) == -1)
			return -1;
	}
	return err->code != ERROR_NONE ? -1 : msmtp_finish(msmtp, err);
}

static int
msmtp_line(struct msmtp *msmtp, struct import_lines *lines, struct error *err)
{
	char *name = lines->line;
	char *value = value_of(name);

	if (text_equals(name, "defaults")) {
		msmtp->current = &msmtp->defaults;
		msmtp->defaults.place = lines->place;
		return 0;
	}
	if (text_equals(name, "account"))
		return msmtp_begin(msmtp, value, lines->place, err);
	if (text_equals(name, "eval"))
		return msmtp->current == NULL
		    ? 0
		    : import_draft_note(msmtp->current, name,
			  "the command is not run", err);
	if (msmtp->current == NULL)
		return error_set(err, ERROR_CONFIG,
		    "%s: %s is not part of an account", lines->place, name);
	msmtp->current->place = lines->place;
	return import_keyword(msmtp->current, keywords, name, value, err);
}

/* "account NAME [: NAME,...]" */
static int
msmtp_begin(struct msmtp *msmtp, char *words, const char *place,
    struct error *err)
{
	char *bases = strchr(words, ':');
	struct import_draft *draft;

	if (bases != NULL)
		*bases++ = '\0';
	words = text_trim(words);
	if (*words == '\0')
		return error_set(err, ERROR_CONFIG,
		    "%s: the account has no name", place);
	if (msmtp->count == BLOCKS_MAX)
		return error_set(err, ERROR_CONFIG, "%s: more than %d accounts",
		    place, BLOCKS_MAX);
	draft = &msmtp->block[msmtp->count];
	import_draft_init(draft, msmtp->import);
	draft->place = place;
	draft->name = text_format(err, "%s", words);
	msmtp->count++;
	msmtp->current = draft;
	if (draft->name == NULL ||
	    import_draft_inherit(draft, &msmtp->defaults, err) == -1)
		return -1;
	return bases != NULL ? msmtp_inherit(msmtp, bases, place, err) : 0;
}

static int
msmtp_inherit(struct msmtp *msmtp, char *names, const char *place,
    struct error *err)
{
	char *name[BLOCKS_MAX];
	size_t count = import_split(names, ",", name, BLOCKS_MAX);

	for (size_t i = 0; i < count; i++) {
		const struct import_draft *base = msmtp_find(msmtp, name[i]);

		if (base == NULL)
			return error_set(err, ERROR_CONFIG,
			    "%s: there is no account \"%s\"", place, name[i]);
		if (import_draft_inherit(msmtp->current, base, err) == -1)
			return -1;
		/* What "account default : NAME" is written for. */
		if (text_equals(msmtp->current->name, "default") &&
		    msmtp->import->default_account == NULL) {
			msmtp->import->default_account =
			    text_format(err, "%s", name[i]);
			if (msmtp->import->default_account == NULL)
				return -1;
		}
	}
	return 0;
}

static const struct import_draft *
msmtp_find(const struct msmtp *msmtp, const char *name)
{
	for (size_t i = 0; i + 1 < msmtp->count; i++) {
		if (text_equals(msmtp->block[i].name, name))
			return &msmtp->block[i];
	}
	return NULL;
}

/* A "default" that only names another is no account of its own. */
static int
msmtp_finish(struct msmtp *msmtp, struct error *err)
{
	for (size_t i = 0; i < msmtp->count; i++) {
		struct import_draft *draft = &msmtp->block[i];

		if (text_equals(draft->name, "default") &&
		    msmtp->import->default_account != NULL)
			continue;
		if (import_draft_finish(draft, &msmtp_rules, err) == -1)
			return -1;
	}
	return 0;
}

/* Ends the keyword, and takes the quotes from the value. */
static char *
value_of(char *line)
{
	size_t len = strcspn(line, " \t");
	char *value = line + len + (line[len] != '\0');
	size_t value_len;

	line[len] = '\0';
	value = text_trim(value);
	value_len = strlen(value);
	if (value_len >= 2 && *value == '"' && value[value_len - 1] == '"') {
		value[value_len - 1] = '\0';
		value++;
	}
	return value;
}

/* Without a value it is on, as with most keywords. */
static int
set_auth(struct import_draft *draft, const char *value, struct error *err)
{
	return import_set_auth(draft, *value == '\0' ? "on" : value, err);
}

static int
set_from_header(struct import_draft *draft, const char *value,
    struct error *err)
{
	const char *word = text_equals(value, "on") ? "always"
	    : text_equals(value, "off")             ? "never"
						    : "missing";

	return import_draft_set(draft, SETTING_SET_FROM, word, err);
}

static int
set_protocol(struct import_draft *draft, const char *value, struct error *err)
{
	return text_equals(value, "smtp")
	    ? 0
	    : error_set(err, ERROR_CONFIG, "%s: postrider does not speak %s",
		  draft->place, value);
}

static int
set_timeout(struct import_draft *draft, const char *value, struct error *err)
{
	return text_equals(value, "off")
	    ? 0
	    : import_draft_set(draft, SETTING_TIMEOUT, value, err);
}

static int
set_trust_file(struct import_draft *draft, const char *value, struct error *err)
{
	return text_equals(value, "system")
	    ? 0
	    : import_draft_set(draft, SETTING_TLS_TRUST_FILE, value, err);
}

static int
set_log_file(struct import_draft *draft, const char *value, struct error *err)
{
	return text_equals(value, "-") || *value == '\0'
	    ? 0
	    : import_draft_set(draft, SETTING_LOG_FILE, value, err);
}
