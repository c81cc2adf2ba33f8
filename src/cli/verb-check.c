/* SPDX-License-Identifier: MIT */
/*
 * The command check: tests an account. check.c runs the test, check-text.c and
 * check-json.c print it.
 */
#include "cli/verbs.h"

#include "cli/check.h"
#include "cli/report.h"
#include "cli/verb-account.h"

int
verb_check(struct options *options, struct error *err)
{
	struct verb_account about;
	struct check check;
	int status = -1;

	verb_account_init(&about);
	if (verb_account_find(&about, options, err) == 0)
		status = check_run(&check, options, &about);
	verb_account_done(&about);
	return status;
}
