/* SPDX-License-Identifier: MIT */
/*
 * Compares the expiry and the time of issue in an entry with the wall clock,
 * which may have been set since.
 */
#include "keeper/token-entry.h"

#include <stdlib.h>
#include <time.h>

enum {
	SKEW_MAX_S = 60 /* how far clocks that are right may differ */
};

static bool read_moment(const struct credential_message *entry,
    enum credential_key key, int64_t *ret_moment);
static void take_secret(struct secret **to, struct secret **from);
static void drop_text(struct credential_message *entry,
    enum credential_key key);

bool
token_entry_is_fresh(const struct credential_message *entry, int64_t margin_ms)
{
	int64_t life_ms = token_entry_lifetime_s(entry) * 1000;
	int64_t issued;

	if (read_moment(entry, CREDENTIAL_ISSUED, &issued) &&
	    issued > (int64_t)time(NULL) + SKEW_MAX_S)
		return false;
	if (life_ms > 0 && margin_ms > life_ms / 2)
		margin_ms = life_ms / 2;
	return token_entry_lasts(entry, margin_ms);
}

bool
token_entry_lasts(const struct credential_message *entry, int64_t needed_ms)
{
	int64_t expiry;

	if (entry->password == NULL ||
	    !read_moment(entry, CREDENTIAL_PASSWORD_EXPIRY, &expiry))
		return false;
	return expiry - (int64_t)time(NULL) >= (needed_ms + 999) / 1000;
}

int64_t
token_entry_lifetime_s(const struct credential_message *entry)
{
	int64_t issued;
	int64_t expiry;

	if (!read_moment(entry, CREDENTIAL_ISSUED, &issued) ||
	    !read_moment(entry, CREDENTIAL_PASSWORD_EXPIRY, &expiry) ||
	    expiry < issued)
		return 0;
	return expiry - issued;
}

void
token_entry_update(struct credential_message *entry,
    struct credential_message *answer)
{
	token_entry_drop_token(entry);
	drop_text(entry, CREDENTIAL_REFUSAL);
	take_secret(&entry->password, &answer->password);
	take_secret(&entry->refresh_token, &answer->refresh_token);
	for (unsigned key = 0; key < CREDENTIAL_KEY_COUNT; key++) {
		if (answer->value[key] == NULL)
			continue;
		free((char *)entry->value[key]);
		entry->value[key] = answer->value[key];
		answer->value[key] = NULL;
	}
}

bool
token_entry_has_token(const struct credential_message *entry,
    const struct secret *token)
{
	return entry->password != NULL && secret_equals(entry->password, token);
}

bool
token_entry_has_refresh_token(const struct credential_message *entry,
    const struct secret *token)
{
	return entry->refresh_token != NULL &&
	    secret_equals(entry->refresh_token, token);
}

void
token_entry_drop_token(struct credential_message *entry)
{
	secret_free(entry->password);
	entry->password = NULL;
	drop_text(entry, CREDENTIAL_PASSWORD_EXPIRY);
	drop_text(entry, CREDENTIAL_ISSUED);
}

static bool
read_moment(const struct credential_message *entry, enum credential_key key,
    int64_t *ret_moment)
{
	const char *text = entry->value[key];

	return text != NULL && credential_moment_parse(text, ret_moment) == 0;
}

static void
take_secret(struct secret **to, struct secret **from)
{
	if (*from == NULL)
		return;
	secret_free(*to);
	*to = *from;
	*from = NULL;
}

static void
drop_text(struct credential_message *entry, enum credential_key key)
{
	free((char *)entry->value[key]);
	entry->value[key] = NULL;
}
