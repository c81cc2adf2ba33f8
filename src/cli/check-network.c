/* SPDX-License-Identifier: MIT */
/*
 * Prints what a check finds out about the network, as text and as JSON.
 */
#include "cli/check-network.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/check-line.h"

static const char *record_state(const struct check_record *record);
static void record_format(const struct check_record *record, char *out,
    size_t size);
/* How an address answered: for JSON, and for people. */
struct address_state {
	int failure; /* errno */
	const char *word;
	const char *text;
};

static const struct address_state *address_state(int failure);
static bool same_name(const struct check_dns *dns, size_t i);

void
check_dns_make_safe(struct check_dns *dns)
{
	if (dns->count > CHECK_RECORDS_MAX)
		dns->count = CHECK_RECORDS_MAX;
	for (size_t i = 0; i < dns->count; i++) {
		struct check_record *record = &dns->record[i];

		record->name[CHECK_NAME_SIZE - 1] = '\0';
		record->type[sizeof record->type - 1] = '\0';
		if (record->count > CHECK_VALUES_MAX)
			record->count = CHECK_VALUES_MAX;
		for (size_t j = 0; j < record->count; j++)
			record->value[j][CHECK_NAME_SIZE - 1] = '\0';
	}
}

void
check_addresses_make_safe(struct check_addresses *addresses)
{
	if (addresses->count > CHECK_ADDRESSES_MAX)
		addresses->count = CHECK_ADDRESSES_MAX;
	for (size_t i = 0; i < addresses->count; i++)
		addresses->address[i].text[CHECK_ADDRESS_SIZE - 1] = '\0';
}

void
check_ports_make_safe(struct check_ports *ports)
{
	if (ports->count > CHECK_PORTS_MAX)
		ports->count = CHECK_PORTS_MAX;
	for (size_t i = 0; i < ports->count; i++)
		ports->port[i].reason[CHECK_REASON_SIZE - 1] = '\0';
}

/* The records of one name are on one line. */
void
check_dns_print(const struct check_dns *dns)
{
	char line[CHECK_LINE_SIZE] = "";
	const char *label = "DNS";

	for (size_t i = 0; i < dns->count; i++) {
		const struct check_record *record = &dns->record[i];
		size_t used = strlen(line);

		if (same_name(dns, i))
			used += (size_t)snprintf(line + used,
			    sizeof line - used, ", ");
		else
			used = (size_t)snprintf(line, sizeof line,
			    "%s: ", record->name);
		if (used < sizeof line)
			record_format(record, line + used, sizeof line - used);
		if (i + 1 == dns->count || !same_name(dns, i + 1)) {
			check_line(CHECK_PLAIN, label,
			    *label != '\0' ? dns->ms : CHECK_NO_TIME, "%s",
			    line);
			label = "";
		}
	}
}

void
check_addresses_print(const struct check_addresses *addresses)
{
	for (size_t i = 0; i < addresses->count; i++) {
		const struct check_address *address = &addresses->address[i];

		check_line(address->failure == 0 ? CHECK_OK : CHECK_WARNING,
		    i == 0 ? "addresses" : "", address->ms, "%s %s",
		    address->text, address_state(address->failure)->text);
	}
}

void
check_ports_print(const struct check_ports *ports)
{
	for (size_t i = 0; i < ports->count; i++) {
		const struct check_port *port = &ports->port[i];

		check_line(port->works ? CHECK_OK : CHECK_FAILED,
		    i == 0 ? "ports" : "", port->ms, "%u, tls = %s: %s",
		    port->port, port->is_implicit ? "implicit" : "starttls",
		    port->works ? "works" : port->reason);
	}
}

void
check_dns_add_json(struct json *json, const struct check_dns *dns)
{
	static const char *const purposes[] = {[CHECK_RECORD_SERVER] = "server",
	    [CHECK_RECORD_SENDER] = "sender",
	    [CHECK_RECORD_CLIENT] = "client"};

	if (dns->count == 0)
		return;
	json_open(json, NULL, '{');
	json_text(json, "step", "dns");
	json_number(json, "ms", dns->ms);
	json_open(json, "records", '[');
	for (size_t i = 0; i < dns->count; i++) {
		const struct check_record *record = &dns->record[i];

		json_open(json, NULL, '{');
		json_text(json, "of",
		    (unsigned)record->purpose <= CHECK_RECORD_CLIENT
			? purposes[record->purpose]
			: NULL);
		json_text(json, "name", record->name);
		json_text(json, "type", record->type);
		json_text(json, "state", record_state(record));
		json_open(json, "values", '[');
		for (size_t j = 0; j < record->count; j++)
			json_text(json, NULL, record->value[j]);
		json_close(json, ']');
		json_close(json, '}');
	}
	json_close(json, ']');
	json_close(json, '}');
}

void
check_addresses_add_json(struct json *json,
    const struct check_addresses *addresses)
{
	json_open(json, NULL, '{');
	json_text(json, "step", "addresses");
	json_number(json, "ms", addresses->ms);
	json_open(json, "addresses", '[');
	for (size_t i = 0; i < addresses->count; i++) {
		const struct check_address *address = &addresses->address[i];

		json_open(json, NULL, '{');
		json_text(json, "address", address->text);
		json_number(json, "ms", address->ms);
		json_text(json, "state", address_state(address->failure)->word);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_close(json, '}');
}

void
check_ports_add_json(struct json *json, const struct check_ports *ports)
{
	json_open(json, NULL, '{');
	json_text(json, "step", "ports");
	json_number(json, "ms", ports->ms);
	json_open(json, "ports", '[');
	for (size_t i = 0; i < ports->count; i++) {
		const struct check_port *port = &ports->port[i];

		json_open(json, NULL, '{');
		json_number(json, "port", port->port);
		json_text(json, "tls",
		    port->is_implicit ? "implicit" : "starttls");
		json_number(json, "ms", port->ms);
		json_bool(json, "works", port->works);
		json_text(json, "reason", port->works ? NULL : port->reason);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_close(json, '}');
}

static const char *
record_state(const struct check_record *record)
{
	switch (record->state) {
	case CHECK_RECORD_FOUND:
		return "found";
	case CHECK_RECORD_NONE:
		return "none";
	case CHECK_RECORD_NO_NAME:
		return "no such name";
	case CHECK_RECORD_NO_ANSWER:
		break;
	}
	return "no answer";
}

/* "MX mx1.example.org, mx2.example.org" */
static void
record_format(const struct check_record *record, char *out, size_t size)
{
	size_t used = (size_t)snprintf(out, size, "%s", record->type);

	if (record->count == 0 && used < size)
		snprintf(out + used, size - used, " %s", record_state(record));
	for (size_t i = 0; i < record->count && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, " %s",
		    record->value[i]);
}

static const struct address_state *
address_state(int failure)
{
	static const struct address_state states[] = {{0, "answers", "answers"},
	    {ETIMEDOUT, "silent", "does not answer"},
	    {ECONNREFUSED, "refused", "refuses the connection"},
	    {ENETUNREACH, "unreachable", "cannot be reached from here"},
	    {EHOSTUNREACH, "unreachable", "cannot be reached from here"},
	    {EACCES, "forbidden", "is forbidden by a local firewall"},
	    {EPERM, "forbidden", "is forbidden by a local firewall"}};
	static const struct address_state other = {0, "failed", "fails"};

	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		if (states[i].failure == failure)
			return &states[i];
	}
	return &other;
}

/* Whether record i is about the same name as the one before. */
static bool
same_name(const struct check_dns *dns, size_t i)
{
	if (i == 0)
		return false;
	return strcmp(dns->record[i].name, dns->record[i - 1].name) == 0;
}
