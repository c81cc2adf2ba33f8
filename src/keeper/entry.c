/* SPDX-License-Identifier: MIT */
/*
 * What an entry says about its token. Expiry is a moment of the wall clock, as
 * other processes and git must understand it; that clock may be set, so the
 * moment of issue is kept too.
 */
#include "keeper/entry.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	SKEW_MAX_S = 60, /* how far clocks that are right may differ */
	TIME_SIZE = 24
};

static bool moment(const struct credential_message *entry,
    enum credential_key key, int64_t *ret_moment);
static int set_moment(struct credential_message *entry, enum credential_key key,
    int64_t value, struct error *err);
static void drop_text(struct credential_message *entry,
    enum credential_key key);

bool
entry_is_fresh(const struct credential_message *entry, int64_t margin_ms)
{
	int64_t life_ms = entry_lifetime_s(entry) * 1000;
	int64_t issued;

	if (moment(entry, CREDENTIAL_ISSUED, &issued) &&
	    issued > (int64_t)time(NULL) + SKEW_MAX_S)
		return false;
	if (life_ms > 0 && margin_ms > life_ms / 2)
		margin_ms = life_ms / 2;
	return entry_lasts(entry, margin_ms);
}

bool
entry_lasts(const struct credential_message *entry, int64_t needed_ms)
{
	int64_t expiry;

	if (entry->password == NULL ||
	    !moment(entry, CREDENTIAL_PASSWORD_EXPIRY, &expiry))
		return false;
	return expiry - (int64_t)time(NULL) >= (needed_ms + 999) / 1000;
}

int64_t
entry_lifetime_s(const struct credential_message *entry)
{
	int64_t issued;
	int64_t expiry;

	if (!moment(entry, CREDENTIAL_ISSUED, &issued) ||
	    !moment(entry, CREDENTIAL_PASSWORD_EXPIRY, &expiry) ||
	    expiry < issued)
		return 0;
	return expiry - issued;
}

int
entry_set_tokens(struct credential_message *entry, struct tokens *tokens,
    int64_t now, struct error *err)
{
	entry_drop_token(entry);
	drop_text(entry, CREDENTIAL_REFUSAL);
	entry->password = tokens->access;
	tokens->access = NULL;
	if (tokens->refresh != NULL) {
		secret_free(entry->refresh_token);
		entry->refresh_token = tokens->refresh;
		tokens->refresh = NULL;
	}
	if (set_moment(entry, CREDENTIAL_ISSUED, now, err) == -1)
		return -1;
	return set_moment(entry, CREDENTIAL_PASSWORD_EXPIRY,
	    now + tokens->lifetime_s, err);
}

bool
entry_has_token(const struct credential_message *entry,
    const struct secret *token)
{
	return entry->password != NULL &&
	    secret_len(entry->password) == secret_len(token) &&
	    memcmp(secret_bytes(entry->password), secret_bytes(token),
		secret_len(token)) == 0;
}

void
entry_drop_token(struct credential_message *entry)
{
	secret_free(entry->password);
	entry->password = NULL;
	drop_text(entry, CREDENTIAL_PASSWORD_EXPIRY);
	drop_text(entry, CREDENTIAL_ISSUED);
}

static bool
moment(const struct credential_message *entry, enum credential_key key,
    int64_t *ret_moment)
{
	const char *text = entry->value[key];

	return text != NULL && credential_moment_parse(text, ret_moment) == 0;
}

static int
set_moment(struct credential_message *entry, enum credential_key key,
    int64_t value, struct error *err)
{
	char text[TIME_SIZE];

	snprintf(text, sizeof text, "%" PRId64, value);
	return credential_message_set(entry, key, text, err);
}

static void
drop_text(struct credential_message *entry, enum credential_key key)
{
	free(entry->value[key]);
	entry->value[key] = NULL;
}
