/* SPDX-License-Identifier: MIT */
/*
 * Parses SRV records. A configuration names one server, so the weight orders
 * the targets instead of spreading the load by chance.
 */
#include "config/srv.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

#include "config/dns-query.h"

enum {
	TARGET_OFFSET = 3 * NS_INT16SZ, /* after priority, weight and port */
	HOST_MAX = 253                  /* RFC 1035 2.3.4 */
};

static dns_record_function srv_add_record;
static bool srv_is_host_name(const char *name);
static int srv_add_target(struct srv_list *list, const char *host,
    const unsigned char *data, struct error *err);
static int srv_compare(const void *a, const void *b);

void
srv_list_init(struct srv_list *list)
{
	*list = (struct srv_list){0};
}

void
srv_list_done(struct srv_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->target[i].host);
	free(list->target);
	srv_list_init(list);
}

int
srv_parse(struct srv_list *list, const unsigned char *answer, size_t len,
    const char *name, struct error *err)
{
	if (dns_answer_each(answer, len, ns_t_srv, name, srv_add_record, list,
		err) == -1)
		return -1;
	if (list->count > 1)
		qsort(list->target, list->count, sizeof *list->target,
		    srv_compare);
	return 0;
}

static int
srv_add_record(void *context, ns_msg *message, ns_rr *record, struct error *err)
{
	struct srv_list *list = context;
	const unsigned char *data = ns_rr_rdata(*record);
	char name[NS_MAXDNAME];

	/* A truncated record is ignored. */
	if (ns_rr_rdlen(*record) <= TARGET_OFFSET ||
	    ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message),
		data + TARGET_OFFSET, name, sizeof name) == -1)
		return 0;
	if (*name == '\0' || strcmp(name, ".") == 0) {
		list->is_refused = true;
		return 0;
	}
	if (!srv_is_host_name(name) || ns_get16(data + 2 * NS_INT16SZ) == 0)
		return 0;
	return srv_add_target(list, name, data, err);
}

/* Other bytes would be shown to a person, and end up in a configuration. */
static bool
srv_is_host_name(const char *name)
{
	static const char allowed[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
	size_t len = strlen(name);

	return len > 0 && len <= HOST_MAX && *name != '-' && *name != '.' &&
	    strspn(name, allowed) == len;
}

static int
srv_add_target(struct srv_list *list, const char *host,
    const unsigned char *data, struct error *err)
{
	struct srv_target *grown =
	    realloc(list->target, (list->count + 1) * sizeof *grown);
	struct srv_target *target;

	if (grown == NULL)
		return error_no_memory(err);
	list->target = grown;
	target = &list->target[list->count];
	*target = (struct srv_target){.host = strdup(host),
	    .priority = ns_get16(data),
	    .weight = ns_get16(data + NS_INT16SZ),
	    .port = (uint16_t)ns_get16(data + 2 * NS_INT16SZ)};
	if (target->host == NULL)
		return error_no_memory(err);
	list->count++;
	return 0;
}

static int
srv_compare(const void *a, const void *b)
{
	const struct srv_target *left = a;
	const struct srv_target *right = b;

	if (left->priority != right->priority)
		return left->priority < right->priority ? -1 : 1;
	return (left->weight < right->weight) - (left->weight > right->weight);
}
