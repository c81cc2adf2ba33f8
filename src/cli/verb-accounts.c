/* SPDX-License-Identifier: MIT */
/*
 * accounts: the blocks of the configuration, each as it would be used, and how
 * its credential stands.
 */
#include "cli/verbs.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cli/json.h"
#include "cli/selection.h"
#include "cli/standing.h"
#include "cli/time.h"
#include "config/account.h"
#include "config/config.h"
#include "credential/source.h"

enum {
	/* For all accounts: who lists them doesn't wait for a keyring. */
	LIMIT_MS = 5000
};

struct listing {
	const struct options *options;
	struct config *config;
	struct json json;
	int64_t deadline_ms;
	bool has_password; /* POSTRIDER_PASSWORD, which no child inherits */
};

/* One line of it. */
struct entry {
	const char *name;
	bool is_default;
	struct account *account; /* NULL: it can't be used */
	struct standing standing;
	struct error err;
};

static int list(struct listing *listing, struct error *err);
static void no_accounts(const struct config *config);
static void find_entry(const struct listing *listing, struct entry *entry);
static void print_entry(const struct entry *entry);
static void add_entry(struct json *json, const struct entry *entry);
static void add_account(struct json *json, const struct account *account);
static void add_standing(struct json *json, const struct standing *standing);

int
verb_accounts(struct options *options, struct error *err)
{
	const char *password = getenv(CREDENTIAL_VARIABLE);
	struct listing listing = {.options = options,
	    .config = config_load(options->config_path, err),
	    .json = {.out = stdout},
	    .deadline_ms = clock_now_ms() + LIMIT_MS,
	    .has_password = password != NULL && *password != '\0'};
	int result = -1;

	if (listing.config != NULL)
		result = list(&listing, err);
	config_free(listing.config);
	return result;
}

static int
list(struct listing *listing, struct error *err)
{
	const struct config *config = listing->config;
	const struct config_account *first = NULL;
	bool as_json = listing->options->json;

	if (config_default_account(config, &first, err) == -1)
		return -1;
	if (as_json)
		json_open(&listing->json, NULL, '[');
	for (size_t i = 0; i < config->account_count; i++) {
		struct entry entry = {.name = config->account[i].name,
		    .is_default = &config->account[i] == first};

		find_entry(listing, &entry);
		if (as_json)
			add_entry(&listing->json, &entry);
		else
			print_entry(&entry);
		account_free(entry.account);
	}
	if (as_json) {
		json_close(&listing->json, ']');
		json_end(&listing->json);
	} else if (config->account_count == 0) {
		no_accounts(config);
	}
	return 0;
}

static void
no_accounts(const struct config *config)
{
	fprintf(stderr,
	    "postrider: %s%s\n"
	    "hint: postrider login you@example.org makes one\n",
	    config->path != NULL ? "no accounts in "
				 : "there is no configuration yet",
	    config->path != NULL ? config->path : "");
}

static void
find_entry(const struct listing *listing, struct entry *entry)
{
	struct settings no_flags;
	struct account_query query = {.name = entry->name, .flags = &no_flags};
	struct selection selection;

	settings_init(&no_flags);
	selection_init(&selection);
	entry->account = account_resolve(listing->config, &query, &entry->err);
	if (entry->account != NULL &&
	    selection_compose(&selection, entry->account,
		listing->options->config_path, &no_flags, false,
		&entry->err) == -1) {
		account_free(entry->account);
		entry->account = NULL;
	}
	if (entry->account != NULL)
		standing_find(&entry->standing, entry->account, &selection,
		    listing->has_password, listing->deadline_ms);
	selection_done(&selection);
	settings_done(&no_flags);
}

/* The names of a completion end at the first two blanks. */
static void
print_entry(const struct entry *entry)
{
	const struct account *account = entry->account;

	if (account == NULL) {
		printf("%-20s  %s\n", entry->name, entry->err.message);
		return;
	}
	printf("%-20s  %s:%u  %s%s\n", entry->name, account->text[SETTING_HOST],
	    account_number(account, SETTING_PORT),
	    account->text[SETTING_USER] != NULL ? account->text[SETTING_USER]
						: "no sign-in",
	    entry->is_default ? "  (default)" : "");
	if (account->text[SETTING_USER] != NULL)
		printf("%-20s  %s: %s\n", "", entry->standing.auth,
		    entry->standing.words);
}

static void
add_entry(struct json *json, const struct entry *entry)
{
	json_open(json, NULL, '{');
	json_text(json, "name", entry->name);
	json_bool(json, "default", entry->is_default);
	if (entry->account == NULL) {
		json_text(json, "error", entry->err.message);
	} else {
		add_account(json, entry->account);
		add_standing(json, &entry->standing);
	}
	json_close(json, '}');
}

static void
add_account(struct json *json, const struct account *account)
{
	json_text(json, "provider",
	    account->provider != NULL ? account->provider->name : NULL);
	json_text(json, "host", account->text[SETTING_HOST]);
	json_number(json, "port", account_number(account, SETTING_PORT));
	json_text(json, "user", account->text[SETTING_USER]);
	json_open(json, "from", '[');
	for (size_t i = 0; i < account->list[SETTING_FROM].count; i++)
		json_text(json, NULL, account->list[SETTING_FROM].element[i]);
	json_close(json, ']');
}

static void
add_standing(struct json *json, const struct standing *standing)
{
	char moment[TIME_UTC_SIZE];

	time_utc((time_t)standing->expires_at, moment);
	json_text(json, "auth", standing->auth);
	json_text(json, "credential",
	    standing->credential[0] != '\0' ? standing->credential : NULL);
	json_text(json, "state", standing->state);
	json_text(json, "detail", standing->words);
	json_text(json, "expires_at",
	    standing->expires_at != 0 ? moment : NULL);
}
