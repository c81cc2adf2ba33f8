/* SPDX-License-Identifier: MIT */
/*
 * Asks DNS and, by postrider-oauth2, the web servers of a domain. Shows nothing
 * and decides nothing.
 */
#include "cli/discovery.h"

#include <arpa/nameser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "config/dns-query.h"
#include "config/registry.h"
#include "config/srv.h"
#include "credential/autoconfig.h"
#include "message/domain.h"

enum {
	LIMIT_MS = 3000
};

/* What is asked at each place. */
struct discovery_row {
	const char *before; /* the domain in the place, for people */
	const char *after;
	const char *name; /* of the SRV record; NULL: a file */
	const char *tls;  /* of an SRV record */
};

static const struct discovery_row rows[DISCOVERY_PLACE_COUNT] = {
    [DISCOVERY_SUBMISSIONS] = {"SRV record _submissions._tcp.", "",
	"_submissions._tcp", "implicit"},
    [DISCOVERY_SUBMISSION] = {"SRV record _submission._tcp.", "",
	"_submission._tcp", "starttls"},
    [DISCOVERY_AUTOCONFIG] = {"https://autoconfig.", "/mail/config-v1.1.xml",
	NULL, NULL},
    [DISCOVERY_WELL_KNOWN] = {"https://",
	"/.well-known/autoconfig/mail/config-v1.1.xml", NULL, NULL},
};

/* A question that is under way. */
struct discovery_question {
	struct dns_query *dns;
	struct autoconfig_query *file;
};

static void discovery_start(enum discovery_place place, const char *domain,
    const struct route *route, struct discovery_question *question,
    struct discovery_result *result);
static void discovery_await(enum discovery_place place,
    struct discovery_question *question, int64_t deadline_ms,
    struct discovery_result *result);
static int discovery_take_srv(struct dns_query *query,
    struct discovery_result *result, struct error *err);
static int discovery_take_file(struct autoconfig_query *query,
    int64_t deadline_ms, struct discovery_result *result, struct error *err);
static int discovery_read_answer(const struct credential_message *answer,
    struct discovery_result *result, struct error *err);
static const char *discovery_word(const char *const *words, const char *text);
static void discovery_question_free(struct discovery_question *question);

char *
discovery_address(const char *address, struct error *err)
{
	const char *at = strrchr(address, '@');
	char *domain = domain_to_ascii(at + 1, err);
	char *result = NULL;

	if (domain != NULL)
		result = text_format(err, "%.*s@%s", (int)(at - address),
		    address, domain);
	free(domain);
	return result;
}

void
discovery_run(struct discovery *discovery, const char *address,
    const struct route *route, bool wants_all)
{
	const char *domain = strrchr(address, '@') + 1;
	const int64_t deadline_ms = clock_now_ms() + LIMIT_MS;
	struct discovery_question question[DISCOVERY_PLACE_COUNT] = {{0}};
	struct error ignored;

	*discovery = (struct discovery){.best = NULL};
	for (enum discovery_place place = 0; place < DISCOVERY_PLACE_COUNT;
	     place++)
		discovery_start(place, domain, route, &question[place],
		    &discovery->result[place]);
	for (enum discovery_place place = 0; place < DISCOVERY_PLACE_COUNT;
	     place++) {
		struct discovery_result *result = &discovery->result[place];

		if (wants_all || discovery->best == NULL)
			discovery_await(place, &question[place], deadline_ms,
			    result);
		if (discovery->best == NULL && result->is_found)
			discovery->best = result;
		discovery_question_free(&question[place]);
	}
	if (discovery->best != NULL)
		registry_load_for(route->config, REGISTRY_HOST,
		    discovery->best->host, &ignored);
}

bool
discovery_is_own_host(const struct discovery_result *result,
    const char *address)
{
	const char *domain = strrchr(address, '@') + 1;
	size_t domain_len = strlen(domain);
	size_t len = strlen(result->host);

	if (len < domain_len ||
	    !text_equals(result->host + len - domain_len, domain))
		return false;
	return len == domain_len || result->host[len - domain_len - 1] == '.';
}

static void
discovery_start(enum discovery_place place, const char *domain,
    const struct route *route, struct discovery_question *question,
    struct discovery_result *result)
{
	const struct discovery_row *row = &rows[place];
	char name[DISCOVERY_PLACE_SIZE];
	struct error err;
	bool is_started;

	text_format_printable(result->place, sizeof result->place, "%s%s%s",
	    row->before, domain, row->after);
	if (row->name != NULL) {
		snprintf(name, sizeof name, "%s.%s", row->name, domain);
		question->dns = dns_query_start(name, ns_t_srv, LIMIT_MS, &err);
		is_started = question->dns != NULL;
	} else {
		question->file = autoconfig_query_start(route->selection,
		    place == DISCOVERY_WELL_KNOWN, &err);
		is_started = question->file != NULL;
	}
	if (!is_started)
		snprintf(result->problem, sizeof result->problem, "%s",
		    err.message);
}

static void
discovery_await(enum discovery_place place, struct discovery_question *question,
    int64_t deadline_ms, struct discovery_result *result)
{
	struct error err = {.code = ERROR_NONE};

	if (question->dns != NULL) {
		result->tls = rows[place].tls;
		result->auth = "password";
		result->is_found =
		    discovery_take_srv(question->dns, result, &err) == 0;
	} else if (question->file != NULL) {
		result->is_authenticated = true;
		result->is_found = discovery_take_file(question->file,
				       deadline_ms, result, &err) == 0;
	}
	if (!result->is_found && err.code != ERROR_NONE)
		snprintf(result->problem, sizeof result->problem, "%s",
		    err.message);
}

static int
discovery_take_srv(struct dns_query *query, struct discovery_result *result,
    struct error *err)
{
	const unsigned char *answer;
	struct srv_list list;
	size_t len;
	int found = -1;

	srv_list_init(&list);
	if (dns_query_await(query, &answer, &len, err) == -1) {
		if (err->code == ERROR_NO_HOST)
			error_set(err, ERROR_NO_HOST, "there is none");
	} else if (len == 0) {
		error_set(err, ERROR_NO_HOST, "there is none");
	} else if (srv_parse(&list, answer, len, result->place, err) == 0) {
		if (list.count == 0)
			error_set(err, ERROR_REFUSED,
			    list.is_refused ? "the service is not offered"
					    : "it names no valid server");
		else
			found = 0;
	}
	if (found == 0) {
		snprintf(result->host, sizeof result->host, "%s",
		    list.target[0].host);
		result->port = list.target[0].port;
	}
	srv_list_done(&list);
	return found;
}

static int
discovery_take_file(struct autoconfig_query *query, int64_t deadline_ms,
    struct discovery_result *result, struct error *err)
{
	struct credential_message answer;
	int found;

	credential_message_init(&answer);
	found = autoconfig_query_await(query, deadline_ms, &answer, err);
	if (found == 0)
		found = discovery_read_answer(&answer, result, err);
	credential_message_done(&answer);
	return found;
}

static int
discovery_read_answer(const struct credential_message *answer,
    struct discovery_result *result, struct error *err)
{
	static const char *const tls[] = {"implicit", "starttls", NULL};
	static const char *const auth[] = {"password", "oauth2", "none", NULL};
	char *host = NULL;
	uint16_t port = 0;

	if (credential_message_split_server(answer, &host, &port, err) == -1)
		return -1;
	if (host != NULL)
		snprintf(result->host, sizeof result->host, "%s", host);
	free(host);
	result->port = port;
	result->tls = discovery_word(tls, answer->value[CREDENTIAL_SERVER_TLS]);
	result->auth =
	    discovery_word(auth, answer->value[CREDENTIAL_SERVER_AUTH]);
	if (answer->value[CREDENTIAL_USERNAME] != NULL)
		snprintf(result->user, sizeof result->user, "%s",
		    answer->value[CREDENTIAL_USERNAME]);
	if (*result->host != '\0' && port != 0 && result->tls != NULL &&
	    result->auth != NULL)
		return 0;
	return error_set(err, ERROR_DATA,
	    "postrider-oauth2 gave an incomplete answer");
}

static const char *
discovery_word(const char *const *words, const char *text)
{
	for (; *words != NULL; words++) {
		if (text != NULL && strcmp(*words, text) == 0)
			return *words;
	}
	return NULL;
}

static void
discovery_question_free(struct discovery_question *question)
{
	dns_query_free(question->dns);
	autoconfig_query_free(question->file);
}
