/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHECK_NETWORK_H
#define CLI_CHECK_NETWORK_H

/*
 * What a check finds out about the network besides its session: DNS records,
 * which addresses of the server answer, and which of its other ports work. The
 * structs have no pointers, so that a process can pass them to another.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/check-advice.h"
#include "report/json.h"
#include "config/account.h"

enum {
	CHECK_RECORDS_MAX = 8,
	CHECK_VALUES_MAX = 6,
	CHECK_NAME_SIZE = 256,
	CHECK_ADDRESSES_MAX = 16,
	CHECK_ADDRESS_SIZE = 64,
	CHECK_PORTS_MAX = 6,
	CHECK_REASON_SIZE = 256
};

enum check_record_purpose {
	CHECK_RECORD_SERVER, /* A, AAAA of the server */
	CHECK_RECORD_SENDER, /* MX, A of the sender's domain */
	CHECK_RECORD_CLIENT  /* PTR of this host, A and AAAA of its EHLO name */
};

enum check_record_state {
	CHECK_RECORD_FOUND,
	CHECK_RECORD_NONE,    /* the name has no such record */
	CHECK_RECORD_NO_NAME, /* the name doesn't exist */
	CHECK_RECORD_NO_ANSWER
};

struct check_record {
	enum check_record_purpose purpose;
	enum check_record_state state;
	char name[CHECK_NAME_SIZE];
	char type[8];                     /* "A", "AAAA", "MX" or "PTR" */
	char address[CHECK_ADDRESS_SIZE]; /* PTR: that it is about */
	char value[CHECK_VALUES_MAX][CHECK_NAME_SIZE];
	size_t count;
};

struct check_dns {
	struct check_record record[CHECK_RECORDS_MAX];
	size_t count;
	int64_t ms; /* until the last answer */
};

struct check_addresses {
	struct check_address {
		char text[CHECK_ADDRESS_SIZE];
		bool is_ipv6;
		int failure; /* errno; 0 if it answered */
		int64_t ms;
	} address[CHECK_ADDRESSES_MAX];
	size_t count;
	int64_t ms;
};

struct check_ports {
	struct check_port {
		unsigned port;
		bool is_implicit; /* TLS from the first byte, else STARTTLS */
		bool works;       /* up to EHLO under TLS */
		bool is_silent;   /* no answer at all */
		char reason[CHECK_REASON_SIZE];
		int64_t ms;
	} port[CHECK_PORTS_MAX];
	size_t count;
	int64_t ms;
};

/* Make what another process wrote well-formed. */
void check_dns_make_safe(struct check_dns *dns);
void check_addresses_make_safe(struct check_addresses *addresses);
void check_ports_make_safe(struct check_ports *ports);

/* Print lines of a check; nothing if there is nothing to tell. */
void check_dns_print(const struct check_dns *dns);
void check_addresses_print(const struct check_addresses *addresses);
void check_ports_print(const struct check_ports *ports);

/* Add a step to the array of steps. */
void check_dns_add_json(struct json *json, const struct check_dns *dns);
void check_addresses_add_json(struct json *json,
    const struct check_addresses *addresses);
void check_ports_add_json(struct json *json, const struct check_ports *ports);

/* Add what follows from them. has_name: the system knows the server. */
void check_dns_advise(struct check_advice *advice,
    const struct account *account, const struct check_dns *dns, bool has_name);
void check_addresses_advise(struct check_advice *advice,
    const struct check_addresses *addresses);

#endif
