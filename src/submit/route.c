/* SPDX-License-Identifier: MIT */
/*
 * Resolves an account and checks that this program can sign in to it.
 */
#include "submit/route.h"

#include <stdio.h>

#include "base/text.h"
#include "base/words.h"
#include "message/domain.h"
#include "smtp/sasl-names.h"
#include "smtp/sasl.h"
#include "submit/selection.h"

static bool route_is_plain(const struct route *route,
    const struct account_query *query);
static int route_check_target_name(const struct account *account,
    struct error *err);
static int route_check_mechanisms(const struct account *account,
    struct error *err);
static int unknown_mechanism(const char *name, struct error *err);

void
route_init(struct route *route)
{
	*route = (struct route){0};
}

void
route_done(struct route *route)
{
	words_free(route->selection);
	account_free(route->account);
	config_free(route->config);
	route_init(route);
}

int
route_load(struct route *route, const char *config_path, struct error *err)
{
	route->config = config_load(config_path, err);
	return route->config == NULL ? -1 : 0;
}

int
route_resolve(struct route *route, const struct account_query *query,
    const char *config_path, struct error *err)
{
	struct account_query complete = *query;

	account_free(route->account);
	words_free(route->selection);
	route->selection = NULL;
	complete.to_ascii = domain_to_ascii;
	route->account = account_resolve(route->config, &complete, err);
	if (route->account == NULL ||
	    route_check_target_name(route->account, err) == -1 ||
	    route_check_mechanisms(route->account, err) == -1)
		return -1;
	route->is_plain = route_is_plain(route, query);
	route->selection = selection_compose(route->account, config_path,
	    query->flags, query->is_new, err);
	return route->selection == NULL ? -1 : 0;
}

const char *
route_name_account(const struct route *route, char *out, size_t out_size)
{
	const struct account *account = route->account;
	size_t others = route->config->account_count;

	out[0] = '\0';
	if (account->name != NULL)
		others--;
	if (others > 0 && account_title(account) != NULL)
		text_format_printable(out, out_size, "account %s",
		    account_title(account));
	return out;
}

static bool
route_is_plain(const struct route *route, const struct account_query *query)
{
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		if (query->flags->text[id] != NULL)
			return false;
	}
	return route->account->name != NULL && route->config->path != NULL &&
	    !query->is_new;
}

static int
route_check_target_name(const struct account *account, struct error *err)
{
	const char *target = account->text[SETTING_TARGET_NAME];

	if (target == NULL || sasl_names_is_target(target))
		return 0;
	return error_set(err, ERROR_CONFIG,
	    "target-name: \"%s\" is not of the form smtp@host", target);
}

static int
route_check_mechanisms(const struct account *account, struct error *err)
{
	const struct account_list *list = &account->list[SETTING_AUTH];

	for (size_t i = 0; i < list->count; i++) {
		if (sasl_find(list->element[i]) == NULL)
			return unknown_mechanism(list->element[i], err);
	}
	return 0;
}

static int
unknown_mechanism(const char *name, struct error *err)
{
	char known[ERROR_HINT_SIZE] = "";
	size_t used = 0;

	for (const struct sasl_mechanism *mechanism = sasl_mechanisms;
	     mechanism->name != NULL && used < sizeof known; mechanism++) {
		if (sasl_is_known(mechanism))
			used += (size_t)snprintf(known + used,
			    sizeof known - used, " %s", mechanism->name);
	}
	error_set(err, ERROR_CONFIG, "auth: unknown mechanism \"%s\"", name);
	return error_hint(err,
	    "use auto or secure alone, or a list of these mechanisms:%s",
	    known);
}
