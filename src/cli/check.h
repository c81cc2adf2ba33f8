/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

/*
 * Testing an account: everything that sending does, without a message. A view
 * prints each step when it is done, as text or as JSON.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/check-advice.h"
#include "cli/check-network.h"
#include "cli/check-scout.h"
#include "cli/credential-place.h"
#include "report/json.h"
#include "report/report.h"
#include "cli/options.h"
#include "smtp/step.h"
#include "submit/attempt.h"
#include "submit/route.h"

struct check;

/* Prints the test. Each function is called at most once, except step. */
struct check_view {
	void (*account)(struct check *check);
	void (*step)(struct check *check, const struct smtp_step *step,
	    int64_t ms);
	void (*credential)(struct check *check, int64_t ms);
	void (*pop)(struct check *check, int64_t ms); /* before SMTP */
	/* The server refused the token, and another one is tried. */
	void (*renewal)(struct check *check, const struct error *refusal,
	    int64_t ms);
	/* What was found out about the network; see has_*. */
	void (*network)(struct check *check);
	/* err is NULL on success. */
	void (*end)(struct check *check, const struct error *err);
};

extern const struct check_view check_text;
extern const struct check_view check_json;

struct check {
	const struct route *route;
	const struct check_view *view;
	struct report report; /* of -v */
	struct attempt_observer observer;
	struct attempt attempt;
	struct credential_place place;
	const char *recipient; /* to ask about, or NULL */
	int64_t lap_ms;        /* when the last step was done */
	bool is_name_found;    /* of the server */
	bool has_connected;
	bool has_greeted; /* so the TLS mode fits the port */
	bool is_certificate_refused;
	char certificate_subject[TLS_FACTS_NAME_SIZE]; /* or "" */
	bool is_signed_in;
	bool is_renewed; /* in the second session; its first steps are not
			    printed again */
	struct check_advice advice;
	struct check_scout scout;
	bool has_addresses, has_dns, has_ports;
	struct check_addresses addresses;
	struct check_dns dns;
	struct check_ports ports;
	struct json json; /* of check_json */
};

/*
 * Tests the account and reports what happens, with the same hints as for a
 * message. Sends no message. Returns the exit status.
 */
int check_run(struct check *check, const struct options *options,
    const struct route *route);

#endif
