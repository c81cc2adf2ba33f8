/* SPDX-License-Identifier: MIT */
/*
 * Decides whether the stored access token serves or must be renewed. renewal.c
 * gets a new one; the vault stores them.
 */
#include "keeper/access-token.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "config/endpoint-failure.h"
#include "config/token-server.h"
#include "credential/exit-status.h"
#include "keeper/renewal-lock.h"
#include "keeper/renewal.h"
#include "keeper/token-entry.h"

enum {
	LAST_MOMENTS_MS = 20 * 1000, /* enough to connect and to sign in */
	RENEWALS_MAX = 3 /* if other processes replace the entry meanwhile */
};

struct token_access {
	const struct selected_account *selected;
	const struct account *account;
	struct vault_key key;
	int64_t min_valid_ms;
	void (*on_wait)(void);
};

static bool belongs_to(const struct credential_message *entry,
    const struct selected_account *selected, const struct token_server *server);
static int lock_entry(const struct selected_account *selected,
    const struct vault_key *key, void (*on_wait)(void), struct error *err);
static bool still_serves(const struct token_access *access,
    const struct credential_message *entry, const struct error *err);
static int find_entry(const struct token_access *access,
    struct credential_message *entry, bool *ret_found, struct error *err);
static int renew_without_vault(const struct token_access *access,
    struct credential_message *entry, struct error *err);
static int renew_entry(const struct token_access *access,
    struct credential_message *entry, struct error *err);
static bool can_renew(const struct token_access *access,
    const struct credential_message *entry);
static int renew_locked(const struct token_access *access,
    struct renewal_lock *lock, struct credential_message *entry,
    struct error *err);
static int not_signed_in(const struct token_access *access,
    const struct credential_message *entry, struct error *err);
static int token_too_short(const struct token_access *access,
    const struct credential_message *entry, struct error *err);

int
access_token_get(const struct selected_account *selected, int64_t min_valid_ms,
    void (*on_wait)(void), struct credential_message *ret_entry,
    struct error *err)
{
	const struct token_access access = {.selected = selected,
	    .account = selected->account,
	    .key = selected_account_key(selected, VAULT_TOKENS),
	    .min_valid_ms = min_valid_ms,
	    .on_wait = on_wait};
	struct credential_message entry;
	bool found = false;
	int result = 0;

	credential_message_init(&entry);
	if (find_entry(&access, &entry, &found, err) == -1)
		result = renew_without_vault(&access, &entry, err);
	else if (!found)
		result = renew_entry(&access, &entry, err);
	if (result == -1 && still_serves(&access, &entry, err))
		result = 0;
	if (result == 0 && !token_entry_lasts(&entry, min_valid_ms))
		result = token_too_short(&access, &entry, err);
	if (result == 0)
		*ret_entry = entry;
	else
		credential_message_done(&entry);
	return result;
}

bool
access_token_needs_no_vault(const struct selected_account *selected,
    const struct error *err)
{
	return err->code == ERROR_KEYRING &&
	    vault_is_keyring(selected->vault) &&
	    account_is(selected->account, SETTING_GRANT, "client-credentials");
}

int
access_token_load(const struct selected_account *selected,
    struct credential_message *ret_entry, struct error *err)
{
	const struct vault_key key =
	    selected_account_key(selected, VAULT_TOKENS);
	struct token_server server;
	int result = -1;

	if (token_server_init(&server, selected->account, err) == 0)
		result = vault_load(selected->vault, &key, ret_entry, err);
	if (result == 0 && !belongs_to(ret_entry, selected, &server)) {
		credential_message_done(ret_entry);
		credential_message_init(ret_entry);
	}
	token_server_done(&server);
	return result;
}

int
access_token_refuse(const struct selected_account *selected,
    const struct secret *token, void (*on_wait)(void), struct error *err)
{
	const struct vault_key key =
	    selected_account_key(selected, VAULT_TOKENS);
	int lock = lock_entry(selected, &key, on_wait, err);
	struct credential_message entry;
	int result = -1;

	if (lock == -1)
		return -1;
	if (vault_load(selected->vault, &key, &entry, err) == 0) {
		result = 0;
		if (token_entry_has_token(&entry, token)) {
			token_entry_drop_token(&entry);
			result =
			    vault_store(selected->vault, &key, &entry, err);
		}
		credential_message_done(&entry);
	}
	close(lock);
	return result;
}

static bool
belongs_to(const struct credential_message *entry,
    const struct selected_account *selected, const struct token_server *server)
{
	const char *client_id = entry->value[CREDENTIAL_CLIENT_ID];

	return (client_id == NULL ||
		   strcmp(client_id,
		       selected->account->text[SETTING_CLIENT_ID]) == 0) &&
	    token_server_issued(server, entry->value[CREDENTIAL_ISSUER],
		entry->value[CREDENTIAL_TOKEN_URL]);
}

/* Another process may be getting a token that replaces this one. */
static int
lock_entry(const struct selected_account *selected, const struct vault_key *key,
    void (*on_wait)(void), struct error *err)
{
	int lock = vault_lock(selected->vault, key, clock_now_ms(), err);

	if (lock != -1 || err->code != ERROR_TEMPORARY)
		return lock;
	on_wait();
	return vault_lock(selected->vault, key,
	    clock_now_ms() + VAULT_LOCK_LIMIT_MS, err);
}

/* A token that can't be renewed now may still serve for this message. It is
 * silent about what passes by itself. */
static bool
still_serves(const struct token_access *access,
    const struct credential_message *entry, const struct error *err)
{
	if (err->code == ERROR_AUTH || err->code == ERROR_SECURITY ||
	    !token_entry_is_fresh(entry, LAST_MOMENTS_MS) ||
	    !token_entry_lasts(entry, access->min_valid_ms))
		return false;
	if (err->code != ERROR_TEMPORARY)
		credential_exit_warn(err);
	return true;
}

/* Loads the entry, and finds out whether its token is valid for long enough. */
static int
find_entry(const struct token_access *access, struct credential_message *entry,
    bool *ret_found, struct error *err)
{
	const int64_t margin_ms =
	    account_duration_ms(access->account, SETTING_REFRESH_MARGIN);

	credential_message_done(entry);
	if (access_token_load(access->selected, entry, err) == -1)
		return -1;
	*ret_found = token_entry_is_fresh(entry, margin_ms) &&
	    token_entry_lasts(entry, access->min_valid_ms);
	return 0;
}

/* The way out if the vault failed, as err says. */
static int
renew_without_vault(const struct token_access *access,
    struct credential_message *entry, struct error *err)
{
	bool is_replaced = false;

	if (!access_token_needs_no_vault(access->selected, err))
		return -1;
	access->on_wait();
	return renewal_obtain(access->selected, false, entry, &is_replaced,
	    err);
}

static int
renew_entry(const struct token_access *access, struct credential_message *entry,
    struct error *err)
{
	struct renewal_lock lock;
	int result;

	if (!can_renew(access, entry))
		return not_signed_in(access, entry, err);
	if (renewal_lock_acquire(&lock, access->selected->vault, &access->key,
		access->on_wait, err) == -1)
		return -1;
	result = renew_locked(access, &lock, entry, err);
	renewal_lock_release(&lock, result == -1 ? err : NULL);
	return result;
}

static bool
can_renew(const struct token_access *access,
    const struct credential_message *entry)
{
	return entry->refresh_token != NULL ||
	    account_is(access->account, SETTING_GRANT, "client-credentials");
}

/* Another process may have renewed it before this one had the lock, or where
 * the lock isn't shared even since. */
static int
renew_locked(const struct token_access *access, struct renewal_lock *lock,
    struct credential_message *entry, struct error *err)
{
	bool is_replaced = true;
	int result = -1;

	for (int i = 0; i < RENEWALS_MAX && is_replaced; i++) {
		bool found = false;

		if (find_entry(access, entry, &found, err) == -1)
			return -1;
		if (found)
			return 0;
		if ((i == 0 && renewal_lock_check(lock, err) == -1) ||
		    vault_check(access->selected->vault, err) == -1)
			return -1;
		if (!can_renew(access, entry))
			return not_signed_in(access, entry, err);
		is_replaced = false;
		result = renewal_obtain(access->selected, true, entry,
		    &is_replaced, err);
	}
	return result;
}

static int
not_signed_in(const struct token_access *access,
    const struct credential_message *entry, struct error *err)
{
	const char *refusal = entry->value[CREDENTIAL_REFUSAL];

	if (refusal != NULL) {
		struct endpoint_request request =
		    endpoint_request_of(access->account, ENDPOINT_AT_RENEWAL);

		error_set(err, ERROR_AUTH, "%s", refusal);
		return endpoint_failure_explain(err, "invalid_grant", &request);
	}
	error_set(err, ERROR_AUTH, "not signed in as %s at %s",
	    access->key.user, access->key.host);
	error_set_cause(err, "no-credential");
	return error_hint(err, "sign in: postrider login %s",
	    account_label(access->account));
}

static int
token_too_short(const struct token_access *access,
    const struct credential_message *entry, struct error *err)
{
	error_set(err, ERROR_AUTH,
	    "%s: a new token is valid for %" PRId64 " s, less than the %" PRId64
	    " s requested",
	    access->key.host, token_entry_lifetime_s(entry),
	    access->min_valid_ms / 1000);
	return error_hint(err, "request a shorter time with --min-valid");
}
