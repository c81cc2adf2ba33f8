/* SPDX-License-Identifier: MIT */
/*
 * login: has postrider-oauth2 get tokens, and stores them. postrider tries them
 * at the mail server.
 */
#include "keeper/operations.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "config/token-server.h"
#include "keeper/access-token.h"
#include "keeper/client-secret.h"
#include "keeper/oauth2-program.h"
#include "keeper/signal-guard.h"
#include "keeper/token-entry.h"

struct sign_in {
	const struct operation_request *request;
	const struct selected_account *selected;
	const struct account *account;
	struct credential_message question; /* has the client secret */
	bool secret_is_new;
};

static int check_account(const struct sign_in *sign_in, struct error *err);
static int check_vault(const struct sign_in *sign_in, struct error *err);
static int find_client_secret(struct sign_in *sign_in, struct error *err);
static int ask_client_secret(struct sign_in *sign_in, bool has_one,
    struct error *err);
static int obtain_tokens(struct sign_in *sign_in, struct error *err);
static int store_sign_in(const struct sign_in *sign_in,
    const struct credential_message *entry, struct error *err);
static int store_tokens(const struct sign_in *sign_in,
    const struct credential_message *entry, struct error *err);
static void warn_about_expiry(const struct sign_in *sign_in,
    const struct credential_message *entry);

int
operation_login(const struct operation_request *request, struct error *err)
{
	struct sign_in sign_in = {.request = request,
	    .selected = request->selected,
	    .account = request->selected->account};
	int result = -1;

	credential_message_init(&sign_in.question);
	if (check_account(&sign_in, err) == 0 &&
	    check_vault(&sign_in, err) == 0 &&
	    find_client_secret(&sign_in, err) == 0)
		result = obtain_tokens(&sign_in, err);
	credential_message_done(&sign_in.question);
	return result;
}

/* Before a person does any work. */
static int
check_account(const struct sign_in *sign_in, struct error *err)
{
	const struct account *account = sign_in->account;
	const char *unavailable = NULL;
	struct token_server server;
	int result;

	if (account == NULL || !account->uses_oauth2)
		return error_set(err, ERROR_USAGE,
		    "login is for accounts that sign in by OAuth2");
	if (account->text[SETTING_CLIENT_ID] == NULL)
		return error_set(err, ERROR_CONFIG, "%s: client-id isn't set",
		    account_label(account));
	result = token_server_init(&server, account, err);
	token_server_done(&server);
	if (result == -1)
		return -1;
	if (text_equals(helper_options_grant(sign_in->request->options,
			    account),
		"device-code"))
		unavailable =
		    account->provider->text[PROVIDER_DEVICE_UNAVAILABLE];
	if (unavailable == NULL)
		return 0;
	error_set(err, ERROR_CONFIG, "%s", unavailable);
	error_set_cause(err, "scope-refused");
	return error_hint(err,
	    "without a browser here: postrider login --paste %s",
	    account_label(account));
}

/* A sign-in is of no use if nothing can be stored. */
static int
check_vault(const struct sign_in *sign_in, struct error *err)
{
	const struct selected_account *selected = sign_in->selected;
	const struct vault_key key =
	    selected_account_key(selected, VAULT_TOKENS);
	struct credential_message entry;

	if (vault_check(selected->vault, err) == -1)
		return -1;
	if (vault_load(selected->vault, &key, &entry, err) == 0)
		credential_message_done(&entry);
	else if (err->code != ERROR_DATA &&
	    !access_token_needs_no_vault(selected, err))
		return -1;
	return 0;
}

static int
find_client_secret(struct sign_in *sign_in, struct error *err)
{
	bool is_kept = client_secret_is_kept(sign_in->account);
	int found = client_secret_find(sign_in->selected, NULL,
	    &sign_in->question.client_secret, err);

	if (!is_kept || (found == -1 && err->code != ERROR_AUTH))
		return found;
	return ask_client_secret(sign_in, found == 0, err);
}

/* Also if there is one: it may be the reason why the last sign-in failed.
 * Without a terminal the stored one must do. */
static int
ask_client_secret(struct sign_in *sign_in, bool has_one, struct error *err)
{
	struct error none = *err;
	struct secret *entered = NULL;

	if (client_secret_ask(sign_in->account, has_one, &entered, err) == -1 &&
	    err->code != ERROR_INPUT)
		return -1;
	if (entered == NULL) {
		if (!has_one)
			*err = none;
		return has_one ? 0 : -1;
	}
	secret_free(sign_in->question.client_secret);
	sign_in->question.client_secret = entered;
	sign_in->secret_is_new = true;
	return 0;
}

static int
obtain_tokens(struct sign_in *sign_in, struct error *err)
{
	const struct helper_options *options = sign_in->request->options;
	struct credential_message entry;
	struct signal_guard guard;
	int result;

	credential_message_init(&entry);
	result = oauth2_program_login(sign_in->selected, options->device,
	    options->paste, &sign_in->question, &entry, err);
	if (result == 0) {
		signal_guard_start(&guard);
		result = store_sign_in(sign_in, &entry, err);
		signal_guard_end(&guard);
	}
	if (result == 0 && entry.refresh_token == NULL)
		warn_about_expiry(sign_in, &entry);
	credential_message_done(&entry);
	return result;
}

static int
store_sign_in(const struct sign_in *sign_in,
    const struct credential_message *entry, struct error *err)
{
	if (entry->password == NULL)
		return error_set(err, ERROR_BUG,
		    "postrider-oauth2 answered without a token");
	if (sign_in->secret_is_new &&
	    client_secret_keep(sign_in->selected, entry,
		sign_in->question.client_secret, err) == -1)
		return -1;
	if (store_tokens(sign_in, entry, err) == 0 ||
	    access_token_needs_no_vault(sign_in->selected, err))
		return 0;
	return -1;
}

/* A process that renews the earlier tokens, or finds that they are spent, would
 * otherwise overwrite these. */
static int
store_tokens(const struct sign_in *sign_in,
    const struct credential_message *entry, struct error *err)
{
	struct vault *vault = sign_in->selected->vault;
	const struct vault_key key =
	    selected_account_key(sign_in->selected, VAULT_TOKENS);
	int lock =
	    vault_lock(vault, &key, clock_now_ms() + VAULT_LOCK_LIMIT_MS, err);
	int result;

	if (lock == -1)
		return -1;
	result = vault_store(vault, &key, entry, err);
	close(lock);
	return result;
}

static void
warn_about_expiry(const struct sign_in *sign_in,
    const struct credential_message *entry)
{
	if (account_is(sign_in->account, SETTING_GRANT, "client-credentials"))
		return;
	printf("%s gave no refresh token: the sign-in expires with the token, "
	       "in %" PRId64 " min\n",
	    sign_in->account->provider->name,
	    token_entry_lifetime_s(entry) / 60);
}
