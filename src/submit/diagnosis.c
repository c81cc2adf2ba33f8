/* SPDX-License-Identifier: MIT */
/*
 * Applies the first rule of diagnoses.conf that matches. The rules are parsed
 * only after a refusal.
 */
#include "submit/diagnosis.h"

#include <stdio.h>
#include <string.h>

#include <confuse.h>

#include "base/buf.h"
#include "base/text.h"
#include "submit/diagnoses.h"

static cfg_t *diagnosis_parse_table(void);
static const struct provider *diagnosis_find_provider(
    const struct route *route);
static bool diagnosis_matches(cfg_t *diagnosis, const struct error *err,
    const struct account *account, const struct provider *provider);
static bool diagnosis_lists(cfg_t *diagnosis, const char *field,
    const char *word);
static bool diagnosis_matches_sign_in(cfg_t *diagnosis,
    const struct account *account);
static bool diagnosis_matches_provider(cfg_t *diagnosis,
    const struct provider *provider);
static void diagnosis_apply(cfg_t *diagnosis, struct error *err,
    const struct account *account, const struct provider *provider);
static int diagnosis_fill_in(struct buf *out, const char *text,
    const struct account *account, const struct provider *provider);

void
diagnose(struct error *err, const struct route *route)
{
	const struct account *account = route->account;
	const struct provider *provider;
	cfg_t *table;

	if (err->reply_code == 0)
		return;
	table = diagnosis_parse_table();
	if (table == NULL)
		return;
	provider = diagnosis_find_provider(route);
	for (unsigned i = 0; i < cfg_size(table, "diagnosis"); i++) {
		cfg_t *diagnosis = cfg_getnsec(table, "diagnosis", i);

		if (diagnosis_matches(diagnosis, err, account, provider)) {
			diagnosis_apply(diagnosis, err, account, provider);
			break;
		}
	}
	cfg_free(table);
}

static cfg_t *
diagnosis_parse_table(void)
{
	cfg_opt_t fields[] = {
	    CFG_STR_LIST("providers", "{}", CFGF_NONE),
	    CFG_STR_LIST("codes", "{}", CFGF_NONE),
	    CFG_STR_LIST("enhanced", "{}", CFGF_NONE),
	    CFG_STR("says", "", CFGF_NONE),
	    CFG_STR("sign-in", "", CFGF_NONE),
	    CFG_STR("hint", "", CFGF_NONE),
	    CFG_STR("retry", "", CFGF_NONE),
	    CFG_END(),
	};
	cfg_opt_t top[] = {
	    CFG_SEC("diagnosis", fields, CFGF_MULTI),
	    CFG_END(),
	};
	cfg_t *table = cfg_init(top, CFGF_NONE);

	if (table != NULL &&
	    cfg_parse_buf(table, diagnoses_text) != CFG_SUCCESS) {
		cfg_free(table);
		return NULL;
	}
	return table;
}

/* Of the account; else the one that the host belongs to. */
static const struct provider *
diagnosis_find_provider(const struct route *route)
{
	const struct account *account = route->account;
	struct config *config = route->config;
	struct error ignored;

	if (account->provider != NULL)
		return account->provider;
	if (config_load_registry(config, &ignored) == -1)
		return NULL;
	for (size_t i = 0; i < config->provider_count; i++) {
		const char *host =
		    config->provider[i]->settings.text[SETTING_HOST];

		if (host != NULL &&
		    text_equals(host, account->text[SETTING_HOST]))
			return config->provider[i];
	}
	return NULL;
}

static bool
diagnosis_matches(cfg_t *diagnosis, const struct error *err,
    const struct account *account, const struct provider *provider)
{
	const char *says = cfg_getstr(diagnosis, "says");
	char code[16];

	snprintf(code, sizeof code, "%d", err->reply_code);
	return diagnosis_lists(diagnosis, "codes", code) &&
	    diagnosis_lists(diagnosis, "enhanced", err->enhanced_code) &&
	    diagnosis_matches_sign_in(diagnosis, account) &&
	    diagnosis_matches_provider(diagnosis, provider) &&
	    strcasestr(err->message, says) != NULL;
}

/* A missing field matches everything. */
static bool
diagnosis_lists(cfg_t *diagnosis, const char *field, const char *word)
{
	unsigned count = cfg_size(diagnosis, field);

	for (unsigned i = 0; i < count; i++) {
		if (text_equals(cfg_getnstr(diagnosis, field, i), word))
			return true;
	}
	return count == 0;
}

static bool
diagnosis_matches_sign_in(cfg_t *diagnosis, const struct account *account)
{
	const char *sign_in = cfg_getstr(diagnosis, "sign-in");

	return *sign_in == '\0' ||
	    text_equals(sign_in, "oauth2") == account->uses_oauth2;
}

/* "zoho" matches "zoho-eu" too. */
static bool
diagnosis_matches_provider(cfg_t *diagnosis, const struct provider *provider)
{
	unsigned count = cfg_size(diagnosis, "providers");

	for (unsigned i = 0; i < count && provider != NULL; i++) {
		const char *name = cfg_getnstr(diagnosis, "providers", i);
		size_t len = strlen(name);

		if (text_has_prefix(provider->name, name) &&
		    (provider->name[len] == '\0' || provider->name[len] == '-'))
			return true;
	}
	return count == 0;
}

static void
diagnosis_apply(cfg_t *diagnosis, struct error *err,
    const struct account *account, const struct provider *provider)
{
	const char *retry = cfg_getstr(diagnosis, "retry");
	struct buf hint;

	buf_init(&hint, ERROR_HINT_SIZE);
	if (diagnosis_fill_in(&hint, cfg_getstr(diagnosis, "hint"), account,
		provider) == 0 &&
	    hint.len > 0)
		error_hint(err, "%s", hint.data);
	buf_done(&hint);
	if (text_equals(retry, "no") && error_is_temporary(err->code))
		err->code = ERROR_REFUSED;
	if (text_equals(retry, "yes"))
		err->code = ERROR_TEMPORARY;
}

/* Replaces "{user}" by the account's user and "{help}" by the provider's
 * instructions for passwords. */
static int
diagnosis_fill_in(struct buf *out, const char *text,
    const struct account *account, const struct provider *provider)
{
	const char *help =
	    provider != NULL ? provider->text[PROVIDER_CREDENTIAL_HELP] : NULL;
	const struct {
		const char *mark;
		const char *value;
	} marks[] = {
	    {"{user}",
		account->text[SETTING_USER] != NULL
		    ? account->text[SETTING_USER]
		    : "the user"},
	    {"{help}",
		help != NULL ? help : "many providers require an app password"},
	};
	struct error ignored;

	while (*text != '\0') {
		const char *piece = text;
		size_t len = 1;
		size_t width = 1;

		for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
			if (!text_has_prefix(text, marks[i].mark))
				continue;
			piece = marks[i].value;
			len = strlen(piece);
			width = strlen(marks[i].mark);
		}
		if (buf_add(out, piece, len, &ignored) == -1)
			return -1;
		text += width;
	}
	return 0;
}
