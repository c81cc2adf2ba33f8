/* SPDX-License-Identifier: MIT */
/*
 * The command check: tests an account. check.c runs the test, check-text.c and
 * check-json.c print it.
 */
#include "cli/verbs.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/check.h"
#include "cli/verb-route.h"
#include "message/address.h"

static int check_account(struct options *options, struct error *err);
static int check_in_child(struct options *options, struct error *err);
static int check_all_accounts(struct options *options, struct error *err);

int
verb_check(struct options *options, struct error *err)
{
	const char *recipient = options->check_recipient;

	if (recipient != NULL && address_domain(recipient) == NULL) {
		error_set(err, ERROR_USAGE, "--to: %s is not an address",
		    recipient);
		return error_hint(err, "for example: --to you@example.org");
	}
	if (options->check_all)
		return check_all_accounts(options, err);
	return check_account(options, err);
}

static int
check_account(struct options *options, struct error *err)
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

/* The status is that of the first account that failed. */
static int
check_all_accounts(struct options *options, struct error *err)
{
	struct config *config;
	int worst = 0;

	if (options->argument_count > 0)
		return error_set(err, ERROR_USAGE,
		    "check: use either --all or an account");
	config = config_load(options->config_path, err);
	if (config == NULL)
		return -1;
	for (size_t i = 0; i < config->account_count; i++) {
		char *name[] = {config->account[i].name, NULL};
		int status;

		if (i > 0 && !options->report.json)
			putchar('\n');
		options->argument = name;
		options->argument_count = 1;
		status = check_in_child(options, err);
		if (worst == 0)
			worst = status;
	}
	options->argument = NULL;
	options->argument_count = 0;
	config_free(config);
	return worst;
}

/* A process that has begun a session is confined, and can't begin another. */
static int
check_in_child(struct options *options, struct error *err)
{
	struct report report;
	int status;
	pid_t pid;

	report_init(&report, options->report);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		status = check_account(options, err);
		if (status == -1)
			status = report_failure(&report, err);
		fflush(stdout);
		_exit(status);
	}
	if (pid == -1 || waitpid(pid, &status, 0) == -1 || !WIFEXITED(status)) {
		error_set(err, ERROR_SYSTEM, "%s: the check was interrupted",
		    options->argument[0]);
		return report_failure(&report, err);
	}
	return WEXITSTATUS(status);
}
