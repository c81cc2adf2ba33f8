/* SPDX-License-Identifier: MIT */
/*
 * Looks up and parses MX records. Knows no providers.
 */
#include "config/mx.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/dns-query.h"

static dns_record_function mx_add_record;
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

int
mx_lookup(struct mx_list *list, const char *domain, int64_t timeout_ms,
    struct error *err)
{
	const unsigned char *answer;
	struct dns_query *query;
	size_t len;
	int result;

	if (text_has_8bit(domain, strlen(domain)))
		return error_set(err, ERROR_NO_HOST,
		    "%s: the MX of a domain that isn't ASCII can't be looked "
		    "up",
		    domain);
	query = dns_query_start(domain, ns_t_mx, timeout_ms, err);
	if (query == NULL)
		return -1;
	result = dns_query_await(query, &answer, &len, err);
	if (result == 0 && len > 0)
		result = mx_parse(list, answer, len, domain, err);
	dns_query_free(query);
	return result;
}

int
mx_parse(struct mx_list *list, const unsigned char *answer, size_t len,
    const char *domain, struct error *err)
{
	if (dns_answer_each(answer, len, ns_t_mx, domain, mx_add_record, list,
		err) == -1)
		return -1;
	if (list->count > 1)
		qsort(list->host, list->count, sizeof *list->host,
		    mx_compare_preference);
	return 0;
}

static int
mx_add_record(void *context, ns_msg *message, ns_rr *record, struct error *err)
{
	struct mx_list *list = context;
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
