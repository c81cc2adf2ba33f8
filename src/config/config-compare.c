/* SPDX-License-Identifier: MIT */
/* Compares all values of two configurations. */
#include "config/config-compare.h"

#include <string.h>

static bool same_accounts(const struct config *before,
    const struct config *after, const struct config_place *place);
static bool same_providers(const struct config *before,
    const struct config *after);
static bool same_settings(const struct settings *before,
    const struct settings *after, const char *except);
static bool same_text(const char *before, const char *after);

#define DEFAULT_ACCOUNT "default-account"

bool
config_compare(const struct config *before, const struct config *after,
    const struct config_place *place)
{
	const char *except = place->kind == GRAMMAR_TOP ? place->name : NULL;
	bool may_choose = place->name == NULL ||
	    (except != NULL && strcmp(except, DEFAULT_ACCOUNT) == 0);

	return same_settings(&before->defaults, &after->defaults, except) &&
	    (may_choose ||
		same_text(before->default_account, after->default_account)) &&
	    same_accounts(before, after, place) &&
	    same_providers(before, after);
}

static bool
same_accounts(const struct config *before, const struct config *after,
    const struct config_place *place)
{
	size_t added = place->name == NULL ? 1 : 0;

	if (after->account_count != before->account_count + added)
		return false;
	for (size_t i = 0; i < before->account_count; i++) {
		const struct config_account *old = &before->account[i];
		const struct config_account *new = &after->account[i];
		bool is_changed = place->kind == GRAMMAR_ACCOUNT &&
		    strcmp(old->name, place->title) == 0;

		if (strcmp(old->name, new->name) != 0 ||
		    !same_settings(&old->settings, &new->settings,
			is_changed ? place->name : NULL))
			return false;
	}
	return true;
}

static bool
same_providers(const struct config *before, const struct config *after)
{
	if (before->provider_count != after->provider_count)
		return false;
	for (size_t i = 0; i < before->provider_count; i++) {
		const struct provider *old = before->provider[i];
		const struct provider *new = after->provider[i];

		if (strcmp(old->name, new->name) != 0 ||
		    !same_settings(&old->settings, &new->settings, NULL))
			return false;
		for (size_t field = 0; field < PROVIDER_FIELD_COUNT; field++) {
			if (!same_text(old->text[field], new->text[field]))
				return false;
		}
	}
	return true;
}

static bool
same_settings(const struct settings *before, const struct settings *after,
    const char *except)
{
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		if (except != NULL &&
		    strcmp(setting_row(id)->name, except) == 0)
			continue;
		if (!same_text(before->text[id], after->text[id]))
			return false;
	}
	return true;
}

static bool
same_text(const char *before, const char *after)
{
	if (before == NULL || after == NULL)
		return before == after;
	return strcmp(before, after) == 0;
}
