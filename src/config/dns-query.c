/* SPDX-License-Identifier: MIT */
/*
 * The resolver has no time limit for TCP, so it runs in a thread. Knows nothing
 * of the records in an answer.
 */
#include "config/dns-query.h"

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

/* What the thread works on; it belongs to the thread until it has ended. */
struct dns_lookup {
	char *name;
	int type;
	int64_t timeout_ms;
	int64_t ms;    /* until the answer */
	bool is_ready; /* the resolver could be initialised */
	int reason;    /* why there is no answer (netdb.h) */
	int len;       /* -1: there is none */
	unsigned char answer[NS_MAXMSG];
};

struct dns_query {
	struct background *background; /* NULL: it has ended */
	struct dns_lookup *lookup;     /* owned once it has ended */
	char *name;
	int64_t timeout_ms;
	int64_t deadline_ms;
};

static struct dns_lookup *dns_lookup_new(const char *name, int type,
    int64_t timeout_ms, struct error *err);
static void dns_lookup_run(void *argument);
static void dns_lookup_free(void *argument);
static void dns_limit_time(struct __res_state *state, int64_t timeout_ms);
static int dns_failure(int reason, const char *name, struct error *err);

struct dns_query *
dns_query_start(const char *name, int type, int64_t timeout_ms,
    struct error *err)
{
	static const struct background_job job = {dns_lookup_run,
	    dns_lookup_free};
	struct dns_lookup *lookup;
	struct dns_query *query;

	if (text_has_8bit(name, strlen(name))) {
		error_set(err, ERROR_NO_HOST,
		    "%s: DNS can't be asked for a name that isn't ASCII", name);
		return NULL;
	}
	query = calloc(1, sizeof *query);
	if (query == NULL || (query->name = strdup(name)) == NULL) {
		error_no_memory(err);
		goto fail;
	}
	query->timeout_ms = timeout_ms;
	query->deadline_ms = clock_now_ms() + timeout_ms;
	lookup = dns_lookup_new(name, type, timeout_ms, err);
	if (lookup == NULL)
		goto fail;
	query->background = background_start(&job, lookup, err);
	if (query->background == NULL)
		goto fail;
	query->lookup = lookup;
	return query;
fail:
	dns_query_free(query);
	return NULL;
}

int
dns_query_await(struct dns_query *query, const unsigned char **ret_answer,
    size_t *ret_len, struct error *err)
{
	struct background *background = query->background;
	struct dns_lookup *lookup = query->lookup;

	query->background = NULL;
	query->lookup = NULL;
	if (background_finish(background, query->deadline_ms, err) == -1)
		return err->code == ERROR_TEMPORARY
		    ? dns_failure(TRY_AGAIN, query->name, err)
		    : -1;
	query->lookup = lookup;
	if (!lookup->is_ready)
		return error_set(err, ERROR_SYSTEM,
		    "the system's resolver can't be initialised");
	*ret_len = 0;
	if (lookup->len == -1)
		return dns_failure(lookup->reason, query->name, err);
	*ret_answer = lookup->answer;
	*ret_len = lookup->len < NS_MAXMSG ? (size_t)lookup->len : NS_MAXMSG;
	return 0;
}

int64_t
dns_query_ms(const struct dns_query *query)
{
	return query->lookup != NULL ? query->lookup->ms : query->timeout_ms;
}

int
dns_answer_each(const unsigned char *answer, size_t len, int type,
    const char *name, dns_record_function *add, void *context,
    struct error *err)
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
		if ((int)ns_rr_type(record) == type &&
		    ns_rr_class(record) == ns_c_in &&
		    add(context, &message, &record, err) == -1)
			return -1;
	}
	return 0;
garbage:
	return error_set(err, ERROR_TEMPORARY,
	    "%s: malformed answer of the name server", name);
}

void
dns_query_free(struct dns_query *query)
{
	struct error ignored;

	if (query == NULL)
		return;
	/* A deadline in the past abandons a thread that still runs, which then
	 * frees the lookup. */
	if (query->background == NULL ||
	    background_finish(query->background, 0, &ignored) == 0) {
		if (query->lookup != NULL)
			dns_lookup_free(query->lookup);
	}
	free(query->name);
	free(query);
}

static struct dns_lookup *
dns_lookup_new(const char *name, int type, int64_t timeout_ms,
    struct error *err)
{
	struct dns_lookup *lookup = malloc(sizeof *lookup);

	if (lookup != NULL) {
		lookup->name = strdup(name);
		lookup->type = type;
		lookup->timeout_ms = timeout_ms;
		lookup->ms = 0;
		if (lookup->name != NULL)
			return lookup;
	}
	free(lookup);
	error_no_memory(err);
	return NULL;
}

static void
dns_lookup_run(void *argument)
{
	struct dns_lookup *lookup = argument;
	struct __res_state state;
	int64_t start_ms = clock_now_ms();

	memset(&state, 0, sizeof state);
	lookup->is_ready = res_ninit(&state) != -1;
	if (!lookup->is_ready)
		return;
	dns_limit_time(&state, lookup->timeout_ms);
	lookup->len = res_nquery(&state, lookup->name, ns_c_in, lookup->type,
	    lookup->answer, NS_MAXMSG);
	lookup->reason = state.res_h_errno;
	lookup->ms = clock_now_ms() - start_ms;
	res_nclose(&state);
}

static void
dns_lookup_free(void *argument)
{
	struct dns_lookup *lookup = argument;

	free(lookup->name);
	free(lookup);
}

/* The resolver waits in whole seconds, so within a short time fewer servers can
 * be tried. */
static void
dns_limit_time(struct __res_state *state, int64_t timeout_ms)
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
dns_failure(int reason, const char *name, struct error *err)
{
	switch (reason) {
	case NO_DATA:
		return 0;
	case HOST_NOT_FOUND:
		return error_set(err, ERROR_NO_HOST, "%s: no such domain",
		    name);
	default:
		return error_set(err, ERROR_TEMPORARY,
		    "%s: no answer from a name server", name);
	}
}
