/* SPDX-License-Identifier: MIT */
/*
 * Chooses which records to ask for, and reads the answers. What follows from
 * them is said elsewhere.
 */
#include "cli/check-dns.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/check-client.h"
#include "message/address.h"
#include "smtp/resolve.h"

enum {
	LOOKUP_MS = 2000
};

static void dns_ask_server(struct check_dns_lookup *lookup, const char *host);
static void dns_ask(struct check_dns_lookup *lookup,
    enum check_record_purpose purpose, const char *name, const char *type);
static void dns_await_records(struct check_dns_lookup *lookup, size_t begin);
static void dns_await_record(struct dns_query *query,
    struct check_record *record);
static int dns_type(const char *name);
static dns_record_function dns_add_value;

void
check_dns_start(struct check_dns_lookup *lookup, struct check_dns *dns,
    const struct account *account)
{
	const char *address = account_address(account);
	const char *domain = address != NULL ? address_domain(address) : NULL;

	*lookup = (struct check_dns_lookup){.dns = dns};
	memset(dns, 0, sizeof *dns);
	dns_ask_server(lookup, account->text[SETTING_HOST]);
	if (domain != NULL)
		dns_ask(lookup, CHECK_RECORD_SENDER, domain, "MX");
}

void
check_dns_start_client(struct check_dns_lookup *lookup,
    const struct account *account, const struct addrinfo *server)
{
	char address[CHECK_ADDRESS_SIZE];
	char name[CHECK_NAME_SIZE];
	struct check_dns *dns = lookup->dns;
	size_t count = dns->count;

	if (account->text[SETTING_USER] != NULL ||
	    account_wants_sign_in(account))
		return;
	if (check_client_reverse_name(server, address, name))
		dns_ask(lookup, CHECK_RECORD_CLIENT, name, "PTR");
	if (dns->count > count)
		memcpy(dns->record[count].address, address, sizeof address);
	if (!check_client_ehlo_name(account, name))
		return;
	dns_ask(lookup, CHECK_RECORD_CLIENT, name, "A");
	dns_ask(lookup, CHECK_RECORD_CLIENT, name, "AAAA");
}

/* A domain without an MX record can have an implicit one: its address
 * (RFC 5321 section 5.1). */
void
check_dns_await(struct check_dns_lookup *lookup)
{
	struct check_dns *dns = lookup->dns;
	size_t count = dns->count;

	dns_await_records(lookup, 0);
	for (size_t i = 0; i < count; i++) {
		if (dns->record[i].state == CHECK_RECORD_NONE &&
		    text_equals(dns->record[i].type, "MX"))
			dns_ask(lookup, CHECK_RECORD_SENDER,
			    dns->record[i].name, "A");
	}
	dns_await_records(lookup, count);
}

static void
dns_ask_server(struct check_dns_lookup *lookup, const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];
	size_t len = strlen(host);

	if (inet_pton(AF_INET, host, address) == 1 ||
	    inet_pton(AF_INET6, host, address) == 1 ||
	    text_equals(host, "localhost") ||
	    (len > 10 && text_equals(host + len - 10, ".localhost")))
		return;
	dns_ask(lookup, CHECK_RECORD_SERVER, host, "A");
	dns_ask(lookup, CHECK_RECORD_SERVER, host, "AAAA");
}

/* A name that can't be asked for is left out. */
static void
dns_ask(struct check_dns_lookup *lookup, enum check_record_purpose purpose,
    const char *name, const char *type)
{
	struct check_dns *dns = lookup->dns;
	struct check_record *record = &dns->record[dns->count];
	struct error ignored;
	char *ascii = resolve_ascii(name, &ignored);
	struct dns_query *query = NULL;

	if (ascii != NULL && dns->count < CHECK_RECORDS_MAX)
		query =
		    dns_query_start(ascii, dns_type(type), LOOKUP_MS, &ignored);
	if (query != NULL) {
		*record = (struct check_record){.purpose = purpose};
		text_printable(record->name, sizeof record->name, ascii,
		    strlen(ascii));
		snprintf(record->type, sizeof record->type, "%s", type);
		lookup->query[dns->count++] = query;
	}
	free(ascii);
}

static void
dns_await_records(struct check_dns_lookup *lookup, size_t begin)
{
	struct check_dns *dns = lookup->dns;

	for (size_t i = begin; i < dns->count; i++) {
		dns_await_record(lookup->query[i], &dns->record[i]);
		if (dns_query_ms(lookup->query[i]) > dns->ms)
			dns->ms = dns_query_ms(lookup->query[i]);
		dns_query_free(lookup->query[i]);
		lookup->query[i] = NULL;
	}
}

static void
dns_await_record(struct dns_query *query, struct check_record *record)
{
	const unsigned char *answer;
	size_t len = 0;
	struct error err;

	if (dns_query_await(query, &answer, &len, &err) == -1) {
		record->state = err.code == ERROR_NO_HOST
		    ? CHECK_RECORD_NO_NAME
		    : CHECK_RECORD_NO_ANSWER;
		return;
	}
	if (len > 0)
		dns_answer_each(answer, len, dns_type(record->type),
		    record->name, dns_add_value, record, &err);
	record->state =
	    record->count > 0 ? CHECK_RECORD_FOUND : CHECK_RECORD_NONE;
}

static int
dns_type(const char *name)
{
	static const struct {
		const char *name;
		int type;
	} types[] = {{"A", ns_t_a}, {"AAAA", ns_t_aaaa}, {"MX", ns_t_mx},
	    {"PTR", ns_t_ptr}};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (strcmp(types[i].name, name) == 0)
			return types[i].type;
	}
	return ns_t_invalid;
}

static int
dns_add_value(void *context, ns_msg *message, ns_rr *data, struct error *err)
{
	struct check_record *record = context;
	char name[NS_MAXDNAME] = "";
	int skipped = ns_rr_type(*data) == ns_t_mx ? NS_INT16SZ : 0;

	(void)err;
	if (record->count == CHECK_VALUES_MAX)
		return 0;
	if (ns_rr_type(*data) == ns_t_a && ns_rr_rdlen(*data) == NS_INADDRSZ)
		inet_ntop(AF_INET, ns_rr_rdata(*data), name, sizeof name);
	else if (ns_rr_type(*data) == ns_t_aaaa &&
	    ns_rr_rdlen(*data) == NS_IN6ADDRSZ)
		inet_ntop(AF_INET6, ns_rr_rdata(*data), name, sizeof name);
	else if (ns_rr_rdlen(*data) <= skipped ||
	    ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message),
		ns_rr_rdata(*data) + skipped, name, sizeof name) == -1)
		return 0;
	text_printable(record->value[record->count++], CHECK_NAME_SIZE, name,
	    strlen(name));
	return 0;
}
