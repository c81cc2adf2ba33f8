/* SPDX-License-Identifier: MIT */
/*
 * accounts: the blocks of the configuration, each as it would be used.
 */
#include "cli/verbs.h"

#include "cli/json.h"
#include "cli/verb-options.h"
#include "config/account.h"
#include "config/config.h"

static int list(struct config *config, const struct verb_options *options);
static void print_resolved(struct config *config, const char *name,
    bool is_default);
static void add_resolved(struct json *json, struct config *config,
    const char *name, bool is_default);

int
verb_accounts(int argc, char *const argv[])
{
	struct verb_options options;
	struct config *config = NULL;
	struct error err;
	int status;

	verb_options_init(&options);
	if (verb_options_parse(&options, VERB_TAKES_NOTHING, argc, argv,
		&err) == 0)
		config = config_load(options.config_path, &err);
	status = config == NULL ? verb_failure(&options, &err)
				: list(config, &options);
	config_free(config);
	verb_options_done(&options);
	return status;
}

static int
list(struct config *config, const struct verb_options *options)
{
	const struct config_account *first = NULL;
	struct json json = {.out = stdout};
	struct error err;

	if (config_default_account(config, &first, &err) == -1)
		return verb_failure(options, &err);
	if (options->json)
		json_open(&json, NULL, '[');
	for (size_t i = 0; i < config->account_count; i++) {
		const struct config_account *account = &config->account[i];

		if (options->json)
			add_resolved(&json, config, account->name,
			    account == first);
		else
			print_resolved(config, account->name, account == first);
	}
	if (options->json) {
		json_close(&json, ']');
		json_end(&json);
	} else if (config->account_count == 0) {
		fprintf(stderr,
		    "postrider: %s%s\n"
		    "hint: postrider login you@example.org makes one\n",
		    config->path != NULL ? "no accounts in "
					 : "there is no configuration yet",
		    config->path != NULL ? config->path : "");
	}
	return 0;
}

static struct account *
resolve(struct config *config, const char *name, struct error *err)
{
	struct settings no_flags;
	struct account_query query = {.name = name, .flags = &no_flags};
	struct account *account;

	settings_init(&no_flags);
	account = account_resolve(config, &query, err);
	settings_done(&no_flags);
	return account;
}

static void
print_resolved(struct config *config, const char *name, bool is_default)
{
	struct error err;
	struct account *account = resolve(config, name, &err);

	if (account == NULL)
		printf("%-20s  %s\n", name, err.message);
	else
		printf("%-20s  %s:%u  %s%s\n", name, account->host,
		    (unsigned)account->port,
		    account->user != NULL ? account->user : "no sign-in",
		    is_default ? "  (default)" : "");
	account_free(account);
}

static void
add_resolved(struct json *json, struct config *config, const char *name,
    bool is_default)
{
	struct error err;
	struct account *account = resolve(config, name, &err);

	json_open(json, NULL, '{');
	json_text(json, "name", name);
	json_bool(json, "default", is_default);
	if (account == NULL) {
		json_text(json, "error", err.message);
	} else {
		json_text(json, "provider",
		    account->provider != NULL ? account->provider->name : NULL);
		json_text(json, "host", account->host);
		json_number(json, "port", account->port);
		json_text(json, "user", account->user);
		json_open(json, "from", '[');
		for (size_t i = 0; i < account->from_count; i++)
			json_text(json, NULL, account->from[i]);
		json_close(json, ']');
	}
	json_close(json, '}');
	account_free(account);
}
