/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

/*
 * Trying an account out: everything a submission does but the message. What
 * happens is told by a view, as text or as JSON, while it happens.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/check-advice.h"
#include "cli/json.h"
#include "cli/report.h"
#include "cli/verb-account.h"
#include "cli/options.h"
#include "credential/client.h"
#include "smtp/params.h"
#include "smtp/step.h"

enum {
	CHECK_SOURCE_SIZE = 256
};

struct check;

/* How it is told. Each is called once at the most, but for the steps. */
struct check_view {
	void (*account)(struct check *check);
	void (*step)(struct check *check, const struct smtp_step *step,
	    int64_t ms);
	void (*credential)(struct check *check, int64_t ms);
	void (*pop)(struct check *check, int64_t ms); /* where it comes first */
	/* The token was refused and another one is tried. */
	void (*renewal)(struct check *check, const struct error *refusal,
	    int64_t ms);
	/* err is NULL when all went well. */
	void (*end)(struct check *check, const struct error *err);
};

extern const struct check_view check_text;
extern const struct check_view check_json;

struct check {
	const struct verb_account *about;
	const struct check_view *view;
	struct report report; /* of -v */
	struct smtp_params params;
	struct credential *credential;  /* NULL: none is needed */
	char source[CHECK_SOURCE_SIZE]; /* where it comes from, for people */
	int64_t told_ms;                /* when the step before was done */
	bool is_signed_in;
	bool is_again; /* the second session: its steps are known up to the
			  credential */
	struct check_advice advice;
	struct json json; /* of check_json */
};

/*
 * Tests the account and reports what happens, with the same hints as for a
 * message. Sends no message. Returns the exit status.
 */
int check_run(struct check *check, const struct options *options,
    const struct verb_account *about);

#endif
