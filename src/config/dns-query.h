/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_DNS_QUERY_H
#define CONFIG_DNS_QUERY_H

/*
 * Asks the system's resolver for the records of a name, in the background and
 * within a time limit. DNS answers aren't authenticated.
 */

#include <arpa/nameser.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct dns_query;

/*
 * Sends a query for records of a type (ns_t_mx, ns_t_srv) in a thread. The
 * timeout is divided among the name servers in whole seconds, at least one. The
 * caller frees with dns_query_free. NULL on failure: ERROR_NO_HOST if the name
 * isn't ASCII, ERROR_SYSTEM.
 */
struct dns_query *dns_query_start(const char *name, int type,
    int64_t timeout_ms, struct error *err);

/*
 * Waits for the answer. *ret_answer is borrowed from the query; *ret_len is 0
 * if the name exists without such a record. ERROR_NO_HOST if the name doesn't
 * exist, ERROR_TEMPORARY if no server answers in time. To be called once.
 */
int dns_query_await(struct dns_query *query, const unsigned char **ret_answer,
    size_t *ret_len, struct error *err);

/* How long the answer took, once it was awaited. */
int64_t dns_query_ms(const struct dns_query *query);

/* Takes the data of one record (RFC 1035 section 3.2.1). */
typedef int dns_record_function(void *context, ns_msg *message, ns_rr *record,
    struct error *err);

/*
 * Calls add for each record of that type in an answer, until it returns -1.
 * ERROR_TEMPORARY if the answer is malformed: the message names the name that
 * was asked for.
 */
int dns_answer_each(const unsigned char *answer, size_t len, int type,
    const char *name, dns_record_function *add, void *context,
    struct error *err);

/* Doesn't wait for the answer. Accepts NULL. */
void dns_query_free(struct dns_query *query);

#endif
