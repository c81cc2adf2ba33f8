/* SPDX-License-Identifier: MIT */
/*
 * Looks up MX records with the system's resolver. Knows no providers.
 */
#include "config/mx.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/background.h"
#include "base/clock.h"
#include "base/text.h"

enum {
	TRIES = 2,     /* of each name server */
	WAIT_MAX_S = 5 /* for each answer */
};

struct mx_query {
	char *domain;
	int64_t timeout_ms;
	bool is_ready; /* the resolver could be initialised */
	int reason;    /* why there is no answer (netdb.h) */
	int len;       /* -1: there is none */
	unsigned char answer[NS_MAXMSG];
};

static struct mx_query *mx_query_new(const char *domain, int64_t timeout_ms,
    struct error *err);
static void mx_query_run(void *argument);
static void mx_query_free(void *argument);
static void mx_limit_time(struct __res_state *state, int64_t timeout_ms);
static int mx_failure(int reason, const char *domain, struct error *err);
static int mx_add_record(struct mx_list *list, ns_msg *message, ns_rr *record,
    struct error *err);
static int mx_compare_preference(const void *a, const void *b);

void
mx_list_init(struct mx_list *list)
{
	memset(list, 0, sizeof *list);
}

void
mx_list_done(struct mx_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->host[i].name);
	free(list->host);
	mx_list_init(list);
}

/* The resolver has no time limit for TCP, so it runs in the background. */
int
mx_lookup(struct mx_list *list, const char *domain, int64_t timeout_ms,
    struct error *err)
{
	static const struct background_job job = {mx_query_run, mx_query_free};
	struct mx_query *query;
	int result;

	if (text_has_8bit(domain, strlen(domain)))
		return error_set(err, ERROR_NO_HOST,
		    "%s: the MX of a domain that isn't ASCII can't be looked "
		    "up",
		    domain);
	query = mx_query_new(domain, timeout_ms, err);
	if (query == NULL)
		return -1;
	if (background_run(&job, query, clock_now_ms() + timeout_ms, err) == -1)
		return err->code == ERROR_TEMPORARY
		    ? mx_failure(TRY_AGAIN, domain, err)
		    : -1;
	if (!query->is_ready)
		result = error_set(err, ERROR_SYSTEM,
		    "the system's resolver can't be initialised");
	else if (query->len == -1)
		result = mx_failure(query->reason, domain, err);
	else
		result = mx_parse(list, query->answer,
		    query->len < NS_MAXMSG ? (size_t)query->len : NS_MAXMSG,
		    domain, err);
	mx_query_free(query);
	return result;
}

int
mx_parse(struct mx_list *list, const unsigned char *answer, size_t len,
    const char *domain, struct error *err)
{
	ns_msg message;
	int count;

	if (ns_initparse(answer, (int)len, &message) == -1)
		goto garbage;
	count = ns_msg_count(message, ns_s_an);
	for (int i = 0; i < count; i++) {
		ns_rr record;

		if (ns_parserr(&message, ns_s_an, i, &record) == -1)
			goto garbage;
		if (ns_rr_type(record) == ns_t_mx &&
		    ns_rr_class(record) == ns_c_in &&
		    mx_add_record(list, &message, &record, err) == -1)
			return -1;
	}
	if (list->count > 1)
		qsort(list->host, list->count, sizeof *list->host,
		    mx_compare_preference);
	return 0;
garbage:
	return error_set(err, ERROR_TEMPORARY,
	    "%s: malformed answer of the name server", domain);
}

static struct mx_query *
mx_query_new(const char *domain, int64_t timeout_ms, struct error *err)
{
	struct mx_query *query = malloc(sizeof *query);

	if (query != NULL) {
		query->domain = strdup(domain);
		query->timeout_ms = timeout_ms;
		if (query->domain != NULL)
			return query;
	}
	free(query);
	error_no_memory(err);
	return NULL;
}

static void
mx_query_run(void *argument)
{
	struct mx_query *query = argument;
	struct __res_state state;

	memset(&state, 0, sizeof state);
	query->is_ready = res_ninit(&state) != -1;
	if (!query->is_ready)
		return;
	mx_limit_time(&state, query->timeout_ms);
	query->len = res_nquery(&state, query->domain, ns_c_in, ns_t_mx,
	    query->answer, NS_MAXMSG);
	query->reason = state.res_h_errno;
	res_nclose(&state);
}

static void
mx_query_free(void *argument)
{
	struct mx_query *query = argument;

	free(query->domain);
	free(query);
}

/* The resolver waits in whole seconds, so within a short time fewer servers can
 * be tried. */
static void
mx_limit_time(struct __res_state *state, int64_t timeout_ms)
{
	int64_t seconds = timeout_ms < 1000 ? 1 : timeout_ms / 1000;

	if (state->nscount > seconds)
		state->nscount = (int)seconds;
	if (state->nscount < 1)
		state->nscount = 1;
	state->retry = seconds < (int64_t)state->nscount * TRIES ? 1 : TRIES;
	seconds /= (int64_t)state->nscount * state->retry;
	state->retrans = seconds > WAIT_MAX_S ? WAIT_MAX_S : (int)seconds;
}

static int
mx_failure(int reason, const char *domain, struct error *err)
{
	switch (reason) {
	case NO_DATA:
		return 0;
	case HOST_NOT_FOUND:
		return error_set(err, ERROR_NO_HOST, "%s: no such domain",
		    domain);
	default:
		return error_set(err, ERROR_TEMPORARY,
		    "%s: no answer from a name server", domain);
	}
}

static int
mx_add_record(struct mx_list *list, ns_msg *message, ns_rr *record,
    struct error *err)
{
	char name[NS_MAXDNAME];
	struct mx_host *grown;
	char *copy;

	/* A truncated or empty record is ignored. */
	if (ns_rr_rdlen(*record) < NS_INT16SZ + 1 ||
	    ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message),
		ns_rr_rdata(*record) + NS_INT16SZ, name, sizeof name) == -1 ||
	    strcmp(name, ".") == 0 || *name == '\0')
		return 0;
	grown = realloc(list->host, (list->count + 1) * sizeof *grown);
	if (grown == NULL)
		return error_no_memory(err);
	list->host = grown;
	copy = strdup(name);
	if (copy == NULL)
		return error_no_memory(err);
	list->host[list->count].name = copy;
	list->host[list->count].preference = ns_get16(ns_rr_rdata(*record));
	list->count++;
	return 0;
}

static int
mx_compare_preference(const void *a, const void *b)
{
	const struct mx_host *left = a;
	const struct mx_host *right = b;

	return (left->preference > right->preference) -
	    (left->preference < right->preference);
}
