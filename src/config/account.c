/* SPDX-License-Identifier: MIT */
/*
 * Selects the account block and the provider. account-fill.c resolves their
 * settings.
 */
#include "config/account.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "config/account-block.h"
#include "config/account-fill.h"
#include "config/account-refuse.h"
#include "config/account-suggestion.h"
#include "config/address-match.h"
#include "config/layers.h"
#include "config/mx.h"
#include "config/registry.h"
#include "config/suggestion.h"

enum {
	FOUND_BY_MAX = 4096 /* bytes */
};

/* The state of account_resolve. */
struct search {
	struct config *config;
	const struct account_query *query;
	struct layers layers;
	struct account *account;
	struct buf found_by;
	struct error *err;
};

static int search_block(struct search *search);
static int search_provider(struct search *search);
static int search_provider_by_name(struct search *search, const char *name);
static int search_provider_by_domain(struct search *search, const char *domain);
static int64_t search_duration_ms(const struct search *search,
    enum setting_id id);
static int64_t search_patience_ms(const struct search *search);
static int search_provider_by_mx(struct search *search, const char *domain);
static int search_refuse_mx(struct search *search, const char *domain,
    const struct mx_list *list);
static int search_use_provider(struct search *search,
    const struct provider *provider);
static int search_found_by(struct search *search, const char *found_by,
    const char *name);
static int search_hint_host(struct search *search);

struct account *
account_resolve(struct config *config, const struct account_query *query,
    struct error *err)
{
	struct settings environment;
	struct search search = {.config = config, .query = query, .err = err};
	struct account *result = NULL;

	buf_init(&search.found_by, FOUND_BY_MAX);
	settings_init(&environment);
	search.layers.layer[LAYER_FLAGS] = query->flags;
	search.layers.layer[LAYER_ENVIRONMENT] = &environment;
	search.layers.layer[LAYER_DEFAULTS] = &config->defaults;
	search.account = calloc(1, sizeof *search.account);
	if (search.account == NULL) {
		error_no_memory(err);
		goto out;
	}
	if (settings_from_environment(&environment, err) == -1 ||
	    search_block(&search) == -1 || search_provider(&search) == -1 ||
	    account_fill(search.account, &search.layers, query->sender, err) ==
		-1)
		goto out;
	search.account->found_by = buf_take(&search.found_by);
	if (search.account->found_by == NULL) {
		error_no_memory(err);
		goto out;
	}
	result = search.account;
	search.account = NULL;
out:
	account_free(search.account);
	settings_done(&environment);
	buf_done(&search.found_by);
	return result;
}

static int
search_block(struct search *search)
{
	struct account *account = search->account;
	struct account_block choice;
	int result;

	if (search->query->is_new)
		return 0;
	if (account_block_choose(search->config, search->query, &search->layers,
		&choice, search->err) == -1)
		return -1;
	account->own = choice.own;
	if (choice.block == NULL)
		return 0;
	search->layers.layer[LAYER_ACCOUNT] = &choice.block->settings;
	account->name = strdup(choice.block->name);
	result = account->name != NULL
	    ? search_found_by(search, choice.found_by,
		  choice.found_name != NULL ? choice.found_name : "")
	    : error_no_memory(search->err);
	free(choice.found_name);
	return result;
}

static int
search_provider(struct search *search)
{
	const struct layers *layers = &search->layers;
	const char *name = layers_effective_value(layers, SETTING_PROVIDER);
	struct address_span address;
	char *domain;
	int result;

	if (name == NULL &&
	    layers_effective_value(layers, SETTING_HOST) != NULL)
		return search_found_by(search, "host", "");
	if (name != NULL)
		return search_provider_by_name(search, name);
	address =
	    address_match_first(layers_effective_value(layers, SETTING_USER));
	if (address.len == 0)
		address = address_match_first(
		    layers_effective_value(layers, SETTING_FROM));
	if (address.len == 0)
		address = address_match_first(search->query->sender);
	if (address.len == 0) {
		error_set(search->err, ERROR_CONFIG,
		    "no submission server is configured");
		return search_hint_host(search);
	}
	address = address_match_domain(address);
	domain = text_copy(address.at, address.len);
	if (domain == NULL)
		return error_no_memory(search->err);
	result = search_provider_by_domain(search, domain);
	free(domain);
	return result;
}

static int
search_provider_by_name(struct search *search, const char *name)
{
	struct config *config = search->config;
	const struct provider *provider;
	struct suggestion suggestion;
	struct error ignored;

	if (registry_load_for(config, REGISTRY_NAME, name, search->err) == -1)
		return -1;
	provider = config_find_provider(config, name);
	if (provider != NULL) {
		if (search_found_by(search, "provider ", provider->name) == -1)
			return -1;
		return search_use_provider(search, provider);
	}
	account_refuse(&search->layers, SETTING_PROVIDER, search->err,
	    "unknown provider \"%s\"", name);
	registry_load(config, &ignored);
	suggestion_init(&suggestion, name);
	for (size_t i = 0; i < config->provider_count; i++)
		suggestion_offer(&suggestion, config->provider[i]->name);
	if (suggestion.best != NULL)
		return error_hint(search->err, "did you mean %s?",
		    suggestion.best);
	return error_hint(search->err,
	    "\"postrider providers\" lists the known ones; for another, set "
	    "host");
}

static int
search_provider_by_domain(struct search *search, const char *domain)
{
	const struct provider *provider;

	if (registry_load_for(search->config, REGISTRY_DOMAIN, domain,
		search->err) == -1)
		return -1;
	provider = config_provider_of_domain(search->config, domain);
	if (provider == NULL)
		return search_provider_by_mx(search, domain);
	if (search_found_by(search, "domain ", domain) == -1)
		return -1;
	return search_use_provider(search, provider);
}

static int64_t
search_duration_ms(const struct search *search, enum setting_id id)
{
	return setting_duration_ms(layers_effective_value(&search->layers, id));
}

static int64_t
search_patience_ms(const struct search *search)
{
	const char *queue =
	    layers_effective_value(&search->layers, SETTING_QUEUE);
	bool may_queue =
	    queue != NULL ? strcmp(queue, "no") != 0 : search->query->may_queue;
	int64_t limit_ms =
	    clock_earlier_ms(search_duration_ms(search, SETTING_TIMEOUT),
		search_duration_ms(search, SETTING_DEADLINE));

	return may_queue ? clock_earlier_ms(limit_ms,
			       search_duration_ms(search, SETTING_QUEUE_AFTER))
			 : limit_ms;
}

static int
search_provider_by_mx(struct search *search, const char *domain)
{
	const struct provider *provider = NULL;
	int64_t timeout_ms = search_patience_ms(search);
	struct mx_list list;
	char *ascii = NULL;
	int result = -1;

	mx_list_init(&list);
	if (search->query->offline)
		return search_refuse_mx(search, domain, &list);
	if (search->query->to_ascii != NULL) {
		ascii = search->query->to_ascii(domain, search->err);
		if (ascii == NULL)
			goto out;
	}
	if (mx_lookup(&list, ascii != NULL ? ascii : domain, timeout_ms,
		search->err) == -1) {
		search_hint_host(search);
		goto out;
	}
	for (size_t i = 0; i < list.count && provider == NULL; i++) {
		const char *host = list.host[i].name;

		if (registry_load_for(search->config, REGISTRY_MX, host,
			search->err) == -1)
			goto out;
		provider = config_provider_of_mx(search->config, host);
	}
	if (provider == NULL) {
		result = search_refuse_mx(search, domain, &list);
		goto out;
	}
	search->account->provider_from_dns = true;
	if (search_found_by(search, "MX of ", domain) == 0)
		result = search_use_provider(search, provider);
out:
	free(ascii);
	mx_list_done(&list);
	return result;
}

static int
search_refuse_mx(struct search *search, const char *domain,
    const struct mx_list *list)
{
	if (search->query->may_lack_server) {
		search->account->lacks_server = true;
		return search_found_by(search, "no known provider of ", domain);
	}
	if (list->count == 0)
		error_set(search->err, ERROR_CONFIG,
		    "no known mail provider for the domain %s", domain);
	else
		error_set(search->err, ERROR_CONFIG,
		    "no known mail provider for the domain %s or its MX %s",
		    domain, list->host[0].name);
	if (search->account->name == NULL &&
	    (search->account->own == NULL ||
		search->config->account_count == 0))
		return error_hint(search->err,
		    "\"postrider login ADDRESS\" looks for the server; or name "
		    "it with --host HOST");
	return search_hint_host(search);
}

static int
search_use_provider(struct search *search, const struct provider *provider)
{
	const char *unavailable = provider->text[PROVIDER_UNAVAILABLE];

	if (unavailable != NULL)
		return error_set(search->err, ERROR_CONFIG, "provider %s: %s",
		    provider->name, unavailable);
	search->account->provider = provider;
	search->layers.layer[LAYER_PROVIDER] = &provider->settings;
	return 0;
}

static int
search_found_by(struct search *search, const char *found_by, const char *name)
{
	return buf_addf(&search->found_by, search->err, "%s%s%s",
	    search->found_by.len > 0 ? ", " : "", found_by, name);
}

static int
search_hint_host(struct search *search)
{
	const struct account *account = search->account;

	if (account->name != NULL)
		return error_hint(search->err,
		    "set host or provider in the account block %s; \"postrider "
		    "providers --find ADDRESS\" looks for the server",
		    account->name);
	if (account->own == NULL && !search->query->is_new &&
	    search->config->account_count > 1)
		return error_is_temporary(search->err->code)
		    ? account_refuse_hint_network(search->config, search->err)
		    : account_refuse_no_default(search->config,
			  search->query->sender, search->err);
	if (account->own != NULL && search->config->account_count > 0) {
		account_name_in(account, search->err);
		return error_hint(search->err,
		    "add --host HOST or --provider NAME; to change a setting "
		    "of an account in the configuration, use -a NAME");
	}
	if (search->config->account_count == 0 && !search->query->is_new)
		return error_hint(search->err,
		    "sign in once, which adds an account: postrider login "
		    "ADDRESS; or use --user ADDRESS, --provider NAME or "
		    "--host HOST");
	return error_hint(search->err,
	    "use --user ADDRESS, --provider NAME or --host HOST, or add an "
	    "account block to the configuration");
}
