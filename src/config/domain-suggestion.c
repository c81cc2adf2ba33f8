/* SPDX-License-Identifier: MIT */
/*
 * Compares a name with the domains or servers of all providers. More than one
 * edit would find a provider for too many names that are right.
 */
#include "config/domain-suggestion.h"

#include <stdio.h>
#include <string.h>

#include "config/registry.h"
#include "config/suggestion.h"
#include "config/value-list.h"

enum {
	DISTANCE_MAX = 1
};

static bool domain_suggestion_offer(const char *domain, const char *element,
    size_t len, char ret_domain[DOMAIN_SUGGESTION_SIZE]);

bool
domain_suggestion_find(struct config *config, const char *domain,
    char ret_domain[DOMAIN_SUGGESTION_SIZE])
{
	struct error ignored;

	if (registry_load(config, &ignored) == -1)
		return false;
	for (size_t i = 0; i < config->provider_count; i++) {
		const char *list = config->provider[i]->text[PROVIDER_DOMAINS];
		const char *element;
		size_t len;

		while (value_list_next(&list, &element, &len)) {
			if (domain_suggestion_offer(domain, element, len,
				ret_domain))
				return true;
		}
	}
	return false;
}

bool
host_suggestion_find(struct config *config, const char *host,
    char ret_host[DOMAIN_SUGGESTION_SIZE])
{
	struct error ignored;

	if (registry_load(config, &ignored) == -1)
		return false;
	for (size_t i = 0; i < config->provider_count; i++) {
		const char *known =
		    config->provider[i]->settings.text[SETTING_HOST];

		if (known != NULL &&
		    domain_suggestion_offer(host, known, strlen(known),
			ret_host))
			return true;
	}
	return false;
}

/* "outlook.*" stands for outlook.com, too. */
static bool
domain_suggestion_offer(const char *domain, const char *element, size_t len,
    char ret_domain[DOMAIN_SUGGESTION_SIZE])
{
	bool is_open = len > 0 && element[len - 1] == '*';
	struct suggestion suggestion;
	char known[DOMAIN_SUGGESTION_SIZE];

	snprintf(known, sizeof known, "%.*s%s", (int)(is_open ? len - 1 : len),
	    element, is_open ? "com" : "");
	suggestion_init(&suggestion, domain);
	if (suggestion.distance > DISTANCE_MAX + 1)
		suggestion.distance = DISTANCE_MAX + 1;
	suggestion_offer(&suggestion, known);
	if (suggestion.best == NULL)
		return false;
	snprintf(ret_domain, DOMAIN_SUGGESTION_SIZE, "%s", known);
	return true;
}
