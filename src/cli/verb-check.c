/* SPDX-License-Identifier: MIT */
/*
 * check: does the account work, and if not, how far does it get? check.c does
 * it, check-text.c and check-json.c tell it.
 */
#include "cli/verbs.h"

#include "cli/check.h"
#include "cli/report.h"
#include "cli/verb-account.h"
#include "cli/verb-options.h"

static int check_account(const struct verb_options *options);

int
verb_check(int argc, char *const argv[])
{
	struct verb_options options;
	struct error err;
	int status;

	verb_options_init(&options);
	if (verb_options_parse(&options, VERB_TAKES_AN_ARGUMENT, argc, argv,
		&err) == -1)
		status = verb_failure(&options, &err);
	else
		status = check_account(&options);
	verb_options_done(&options);
	return status;
}

static int
check_account(const struct verb_options *options)
{
	struct verb_account about;
	struct check check;
	struct error err;
	int status = 0;

	verb_account_init(&about);
	if (verb_account_find(&about, options, &err) == -1)
		status = verb_failure(options, &err);
	else if (check_run(&check, options, &about, &err) == -1)
		status = report_error(&err);
	verb_account_done(&about);
	return status;
}
