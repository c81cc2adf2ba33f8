/* SPDX-License-Identifier: MIT */
/*
 * Translates what all programs have into settings. Knows none of them.
 */
#include "import/import-draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	NOTE_SIZE = 1024
};

static int draft_add_account(struct import_draft *draft, struct error *err);
static int draft_set_tls(struct import_draft *draft,
    const struct import_draft_rules *rules, struct error *err);
static int draft_require_tls(struct import_draft *draft, struct error *err);
static int draft_set_user(struct import_draft *draft,
    const struct import_draft_rules *rules, struct error *err);
static int url_decode(const struct import_draft *draft, char *text,
    struct error *err);
static int url_set_scheme(struct import_draft *draft, char *scheme,
    struct error *err);
static int url_set_user(struct import_draft *draft, char *user,
    struct error *err);
static int url_invalid(const struct import_draft *draft, struct error *err);

void
import_draft_init(struct import_draft *draft, struct import *import)
{
	*draft = (struct import_draft){.import = import};
	settings_init(&draft->settings);
}

void
import_draft_done(struct import_draft *draft)
{
	free(draft->name);
	settings_done(&draft->settings);
	secret_free(draft->password);
	import_draft_init(draft, draft->import);
}

int
import_draft_set(struct import_draft *draft, enum setting_id id,
    const char *value, struct error *err)
{
	return settings_set(&draft->settings, id, value, draft->place, err);
}

int
import_draft_switch(const struct import_draft *draft, const char *value,
    enum import_switch *ret_switch, struct error *err)
{
	static const char *const words[][2] = {{"off", "on"}, {"no", "yes"},
	    {"false", "true"}, {"0", "1"}, {"disabled", "enabled"},
	    {"none", "required"}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		for (int is_on = 0; is_on < 2; is_on++) {
			if (!text_equals(value, words[i][is_on]))
				continue;
			*ret_switch = is_on ? IMPORT_ON : IMPORT_OFF;
			return 0;
		}
	}
	return error_set(err, ERROR_CONFIG, "%s: \"%s\" is neither on nor off",
	    draft->place, value);
}

int
import_draft_set_server(struct import_draft *draft, const char *value,
    struct error *err)
{
	const char *bracket = *value == '[' ? strchr(value, ']') : NULL;
	const char *colon = strchr(bracket != NULL ? bracket : value, ':');
	bool is_bare_address = bracket == NULL && colon != NULL &&
	    strchr(colon + 1, ':') != NULL; /* of IPv6 */
	char host[512];
	size_t skip = bracket != NULL;
	size_t len = bracket != NULL            ? (size_t)(bracket - value) - 1
	    : colon != NULL && !is_bare_address ? (size_t)(colon - value)
						: strlen(value);

	if (len >= sizeof host)
		return error_set(err, ERROR_CONFIG, "%s: the host is too long",
		    draft->place);
	snprintf(host, sizeof host, "%.*s", (int)len, value + skip);
	if (import_draft_set(draft, SETTING_HOST, host, err) == -1)
		return -1;
	return colon != NULL && !is_bare_address && colon[1] != '\0'
	    ? import_draft_set(draft, SETTING_PORT, colon + 1, err)
	    : 0;
}

int
import_draft_set_password(struct import_draft *draft, const char *value,
    struct error *err)
{
	secret_free(draft->password);
	draft->password = secret_from(value, strlen(value), err);
	return draft->password == NULL ? -1 : 0;
}

int
import_draft_set_command(struct import_draft *draft, const char *command,
    struct error *err)
{
	char *source = text_format(err, "command:%s", command);
	int result = source == NULL
	    ? -1
	    : import_draft_set(draft, SETTING_CREDENTIAL, source, err);

	free(source);
	return result;
}

int
import_draft_set_url(struct import_draft *draft, const char *url,
    struct error *err)
{
	char text[2048];
	char *at = text;
	char *scheme;
	char *user = NULL;
	char *end;
	int result = -1;

	if ((size_t)snprintf(text, sizeof text, "%s", url) >= sizeof text)
		return url_invalid(draft, err);
	end = strstr(at, "://");
	if (end == NULL)
		return url_invalid(draft, err);
	*end = '\0';
	scheme = at;
	at = end + 3;
	at[strcspn(at, "/?#")] = '\0';
	end = strrchr(at, '@');
	if (end != NULL) {
		*end = '\0';
		user = at;
		at = end + 1;
	}
	if (url_set_scheme(draft, scheme, err) == 0 &&
	    (user == NULL || url_set_user(draft, user, err) == 0))
		result = import_draft_set_server(draft, at, err);
	secret_wipe(text, sizeof text);
	return result;
}

int
import_draft_set_from(struct import_draft *draft, const char *value,
    struct error *err)
{
	const char *open = strrchr(value, '<');
	char name[512];
	char address[512];
	char *trimmed;

	if (open == NULL)
		return import_draft_set(draft, SETTING_FROM, value, err);
	snprintf(address, sizeof address, "%.*s", (int)strcspn(open + 1, ">"),
	    open + 1);
	snprintf(name, sizeof name, "%.*s", (int)(open - value), value);
	trimmed = text_trim(name);
	if (*trimmed == '"') {
		trimmed++;
		trimmed[strcspn(trimmed, "\"")] = '\0';
	}
	if (*trimmed != '\0' &&
	    import_draft_set(draft, SETTING_FULL_NAME, trimmed, err) == -1)
		return -1;
	return import_draft_set(draft, SETTING_FROM, address, err);
}

int
import_draft_note(const struct import_draft *draft, const char *what,
    const char *why, struct error *err)
{
	struct import *import = draft->import;
	char **list = realloc((void *)import->note,
	    (import->note_count + 1) * sizeof *list);
	char text[NOTE_SIZE];

	if (list == NULL)
		return error_no_memory(err);
	import->note = list;
	text_format_printable(text, sizeof text, "%s: %s: %s", draft->place,
	    what, why);
	list[import->note_count] = text_format(err, "%s", text);
	if (list[import->note_count] == NULL)
		return -1;
	import->note_count++;
	return 0;
}

int
import_draft_inherit(struct import_draft *draft,
    const struct import_draft *other, struct error *err)
{
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		if (other->settings.text[id] != NULL &&
		    settings_set(&draft->settings, id, other->settings.text[id],
			other->settings.origin[id], err) == -1)
			return -1;
	}
	if (other->password != NULL) {
		secret_free(draft->password);
		draft->password = secret_copy(other->password, err);
		if (draft->password == NULL)
			return -1;
	}
	draft->tls = other->tls != IMPORT_UNSET ? other->tls : draft->tls;
	draft->auth = other->auth != IMPORT_UNSET ? other->auth : draft->auth;
	draft->starttls =
	    other->starttls != IMPORT_UNSET ? other->starttls : draft->starttls;
	return 0;
}

int
import_draft_finish(struct import_draft *draft,
    const struct import_draft_rules *rules, struct error *err)
{
	int result = 0;

	if (draft->settings.text[SETTING_HOST] != NULL &&
	    (draft_set_tls(draft, rules, err) == -1 ||
		draft_set_user(draft, rules, err) == -1 ||
		draft_require_tls(draft, err) == -1 ||
		draft_add_account(draft, err) == -1))
		result = -1;
	import_draft_done(draft);
	return result;
}

static int
draft_set_tls(struct import_draft *draft,
    const struct import_draft_rules *rules, struct error *err)
{
	enum import_switch tls =
	    draft->tls != IMPORT_UNSET ? draft->tls : rules->tls;
	enum import_switch starttls =
	    draft->starttls != IMPORT_UNSET ? draft->starttls : rules->starttls;
	const char *mode = tls != IMPORT_ON ? "none"
	    : starttls == IMPORT_ON         ? "starttls"
					    : "implicit";

	if (import_draft_set(draft, SETTING_TLS, mode, err) == -1)
		return -1;
	return draft->settings.text[SETTING_PORT] == NULL &&
		rules->port != NULL && strcmp(mode, "implicit") != 0
	    ? import_draft_set(draft, SETTING_PORT, rules->port, err)
	    : 0;
}

/* An empty user means that the account does not sign in. */
static int
draft_set_user(struct import_draft *draft,
    const struct import_draft_rules *rules, struct error *err)
{
	enum import_switch auth =
	    draft->auth != IMPORT_UNSET ? draft->auth : rules->auth;
	bool has_user = draft->settings.text[SETTING_USER] != NULL;

	if (auth == IMPORT_OFF || (auth == IMPORT_UNSET && !has_user))
		return import_draft_set(draft, SETTING_USER, "", err);
	return 0;
}

/* A password never goes over the network in clear text. */
static int
draft_require_tls(struct import_draft *draft, struct error *err)
{
	const char *user = draft->settings.text[SETTING_USER];

	if (user == NULL || *user == '\0' ||
	    strcmp(draft->settings.text[SETTING_TLS], "none") != 0)
		return 0;
	if (import_draft_set(draft, SETTING_TLS, "starttls", err) == -1)
		return -1;
	return import_draft_note(draft, draft->name,
	    "signing in requires TLS, so tls is starttls", err);
}

static int
draft_add_account(struct import_draft *draft, struct error *err)
{
	struct import *import = draft->import;
	struct import_account *list = realloc(import->account,
	    (import->account_count + 1) * sizeof *list);
	struct import_account *account;

	if (list == NULL)
		return error_no_memory(err);
	import->account = list;
	account = &list[import->account_count++];
	*account = (struct import_account){.name = draft->name,
	    .settings = draft->settings,
	    .password = draft->password};
	draft->name = NULL;
	draft->password = NULL;
	settings_init(&draft->settings);
	return 0;
}

static int
url_set_scheme(struct import_draft *draft, char *scheme, struct error *err)
{
	char *plus = strchr(scheme, '+');

	if (plus != NULL)
		*plus++ = '\0';
	draft->tls = IMPORT_ON;
	if (text_equals(scheme, "smtps"))
		draft->starttls = IMPORT_OFF;
	else if (text_equals(scheme, "smtp"))
		draft->starttls = IMPORT_ON;
	else
		return url_invalid(draft, err);
	if (plus != NULL && text_equals(plus, "insecure"))
		draft->tls = IMPORT_OFF;
	else if (plus != NULL && text_equals(plus, "none"))
		draft->auth = IMPORT_OFF;
	else if (plus != NULL)
		return import_draft_set(draft, SETTING_AUTH, plus, err);
	return 0;
}

static int
url_set_user(struct import_draft *draft, char *user, struct error *err)
{
	char *password = strchr(user, ':');

	if (password != NULL)
		*password++ = '\0';
	if (url_decode(draft, user, err) == -1 ||
	    import_draft_set(draft, SETTING_USER, user, err) == -1)
		return -1;
	if (password == NULL)
		return 0;
	if (url_decode(draft, password, err) == -1)
		return -1;
	return import_draft_set_password(draft, password, err);
}

static int
url_decode(const struct import_draft *draft, char *text, struct error *err)
{
	char *out = text;

	for (char *in = text; *in != '\0'; in++) {
		char digits[3] = "";
		char *end;

		if (*in != '%') {
			*out++ = *in;
			continue;
		}
		strncat(digits, in + 1, 2);
		*out = (char)strtol(digits, &end, 16);
		if (end != digits + 2 || *out == '\0')
			return url_invalid(draft, err);
		out++;
		in += 2;
	}
	*out = '\0';
	return 0;
}

static int
url_invalid(const struct import_draft *draft, struct error *err)
{
	return error_set(err, ERROR_CONFIG,
	    "%s: this is not a URL of an SMTP server", draft->place);
}
