/* SPDX-License-Identifier: MIT */
/*
 * The command check: tests an account. check.c runs the test, check-text.c and
 * check-json.c print it.
 */
#include "cli/verbs.h"

#include "cli/check.h"
#include "cli/verb-route.h"

int
verb_check(struct options *options, struct error *err)
{
	struct route route;
	struct check check;
	int status = -1;

	route_init(&route);
	if (verb_route_find(&route, options, err) == 0)
		status = check_run(&check, options, &route);
	route_done(&route);
	return status;
}
