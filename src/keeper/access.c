/* SPDX-License-Identifier: MIT */
/*
 * The life of an access token. How another is got is exchange.c's business,
 * where entries are is the vault's.
 */
#include "keeper/access.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "oauth2/endpoint-hint.h"
#include "keeper/entry.h"
#include "keeper/exchange.h"
#include "keeper/turn.h"

enum {
	LAST_MOMENTS_MS = 20 * 1000 /* a message takes that long to sign in */
};

struct access {
	const struct subject *subject;
	const struct account *account;
	struct endpoints *endpoints;
	struct vault_key key;
	int64_t min_valid_ms;
	void (*on_wait)(void);
};

static int lock_entry(const struct subject *subject,
    const struct vault_key *key, void (*on_wait)(void), struct error *err);
static bool still_serves(const struct access *access,
    const struct credential_message *entry, const struct error *err);
static int find(const struct access *access, struct credential_message *entry,
    bool *ret_found, struct error *err);
static int renew_unkept(const struct access *access,
    struct credential_message *entry, struct error *err);
static int renew(const struct access *access, struct credential_message *entry,
    struct error *err);
static bool can_renew(const struct access *access,
    const struct credential_message *entry);
static int renew_in_turn(const struct access *access, struct turn *turn,
    struct credential_message *entry, struct error *err);
static int not_signed_in(const struct access *access,
    const struct credential_message *entry, struct error *err);
static int too_short(const struct access *access,
    const struct credential_message *entry, struct error *err);

int
access_get(const struct subject *subject, int64_t min_valid_ms,
    void (*on_wait)(void), struct credential_message *ret_entry,
    struct error *err)
{
	struct endpoints endpoints;
	const struct access access = {.subject = subject,
	    .account = subject->account,
	    .endpoints = &endpoints,
	    .key = subject_key(subject, VAULT_TOKENS),
	    .min_valid_ms = min_valid_ms,
	    .on_wait = on_wait};
	struct credential_message entry;
	bool found = false;
	int result = 0;

	credential_message_init(&entry);
	if (endpoints_init(&endpoints, subject->account, err) == -1)
		result = -1;
	else if (find(&access, &entry, &found, err) == -1)
		result = renew_unkept(&access, &entry, err);
	else if (!found)
		result = renew(&access, &entry, err);
	if (result == -1 && still_serves(&access, &entry, err))
		result = 0;
	if (result == 0 && !entry_lasts(&entry, min_valid_ms))
		result = too_short(&access, &entry, err);
	if (result == 0)
		*ret_entry = entry;
	else
		credential_message_done(&entry);
	endpoints_done(&endpoints);
	return result;
}

bool
access_needs_no_vault(const struct subject *subject, const struct error *err)
{
	const struct account *account = subject->account;

	return err->code == ERROR_KEYRING &&
	    account->text[SETTING_CREDENTIAL_FOLDER] == NULL &&
	    account->text[SETTING_CREDENTIAL_HELPER] == NULL &&
	    account_is(account, SETTING_GRANT, "client-credentials");
}

int
access_load(const struct subject *subject, const struct endpoints *endpoints,
    struct credential_message *ret_entry, struct error *err)
{
	const char *client_id = subject->account->text[SETTING_CLIENT_ID];
	const struct vault_key key = subject_key(subject, VAULT_TOKENS);
	const char *kept_id;

	if (vault_load(subject->vault, &key, ret_entry, err) == -1)
		return -1;
	kept_id = ret_entry->value[CREDENTIAL_CLIENT_ID];
	if ((kept_id != NULL && strcmp(kept_id, client_id) != 0) ||
	    !endpoints_issued(endpoints, ret_entry->value[CREDENTIAL_ISSUER],
		ret_entry->value[CREDENTIAL_TOKEN_URL])) {
		credential_message_done(ret_entry);
		credential_message_init(ret_entry);
	}
	return 0;
}

int
access_refuse(const struct subject *subject, const struct secret *token,
    void (*on_wait)(void), struct error *err)
{
	const struct vault_key key = subject_key(subject, VAULT_TOKENS);
	int lock = lock_entry(subject, &key, on_wait, err);
	struct credential_message entry;
	int result = -1;

	if (lock == -1)
		return -1;
	if (vault_load(subject->vault, &key, &entry, err) == 0) {
		result = 0;
		if (entry_has_token(&entry, token)) {
			entry_drop_token(&entry);
			result = vault_store(subject->vault, &key, &entry, err);
		}
		credential_message_done(&entry);
	}
	close(lock);
	return result;
}

/* Another process may be asking for a token that takes this one's place. */
static int
lock_entry(const struct subject *subject, const struct vault_key *key,
    void (*on_wait)(void), struct error *err)
{
	int lock = vault_lock(subject->vault, key, clock_now_ms(), err);

	if (lock != -1 || err->code != ERROR_TEMPORARY)
		return lock;
	on_wait();
	return vault_lock(subject->vault, key,
	    clock_now_ms() + VAULT_LOCK_LIMIT_MS, err);
}

/* The server can't be asked for a new token, but the old one may do for this
 * message. */
static bool
still_serves(const struct access *access,
    const struct credential_message *entry, const struct error *err)
{
	return err->code == ERROR_TEMPORARY &&
	    entry_is_fresh(entry, LAST_MOMENTS_MS) &&
	    entry_lasts(entry, access->min_valid_ms);
}

/* Whether the vault has a token that lasts. */
static int
find(const struct access *access, struct credential_message *entry,
    bool *ret_found, struct error *err)
{
	const int64_t margin_ms =
	    account_duration_ms(access->account, SETTING_REFRESH_MARGIN);

	credential_message_done(entry);
	if (access_load(access->subject, access->endpoints, entry, err) == -1)
		return -1;
	*ret_found = entry_is_fresh(entry, margin_ms) &&
	    entry_lasts(entry, access->min_valid_ms);
	return 0;
}

/* What is left where the vault failed, as err says. */
static int
renew_unkept(const struct access *access, struct credential_message *entry,
    struct error *err)
{
	if (!access_needs_no_vault(access->subject, err))
		return -1;
	access->on_wait();
	return exchange_tokens(access->subject, access->endpoints, false, entry,
	    err);
}

static int
renew(const struct access *access, struct credential_message *entry,
    struct error *err)
{
	struct turn turn;
	int result;

	if (!can_renew(access, entry))
		return not_signed_in(access, entry, err);
	if (turn_await(&turn, access->subject->vault, &access->key,
		access->on_wait, err) == -1)
		return -1;
	result = renew_in_turn(access, &turn, entry, err);
	turn_end(&turn, result == -1 ? err : NULL);
	return result;
}

static bool
can_renew(const struct access *access, const struct credential_message *entry)
{
	return entry->refresh_token != NULL ||
	    account_is(access->account, SETTING_GRANT, "client-credentials");
}

/* Meanwhile another process may have done it. */
static int
renew_in_turn(const struct access *access, struct turn *turn,
    struct credential_message *entry, struct error *err)
{
	bool found = false;

	if (find(access, entry, &found, err) == -1)
		return -1;
	if (found)
		return 0;
	if (turn_check(turn, err) == -1 ||
	    vault_check(access->subject->vault, err) == -1)
		return -1;
	if (!can_renew(access, entry))
		return not_signed_in(access, entry, err);
	return exchange_tokens(access->subject, access->endpoints, true, entry,
	    err);
}

static int
not_signed_in(const struct access *access,
    const struct credential_message *entry, struct error *err)
{
	const char *refusal = entry->value[CREDENTIAL_REFUSAL];

	if (refusal != NULL) {
		error_set(err, ERROR_AUTH, "%s", refusal);
		return endpoint_hint_add(err, "invalid_grant",
		    account_label(access->account));
	}
	error_set(err, ERROR_AUTH, "nobody is signed in as %s at %s",
	    access->key.user, access->key.host);
	return error_hint(err, "sign in: postrider login %s",
	    account_label(access->account));
}

static int
too_short(const struct access *access, const struct credential_message *entry,
    struct error *err)
{
	error_set(err, ERROR_AUTH,
	    "%s: a new token lasts %" PRId64 " s only, and %" PRId64
	    " s are wanted",
	    access->key.host, entry_lifetime_s(entry),
	    access->min_valid_ms / 1000);
	return error_hint(err, "ask for less: --min-valid");
}
