/* SPDX-License-Identifier: MIT */
/*
 * The program: what it was called as decides what it is. Everything else is
 * told in submit.c and the verbs.
 */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/process.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/submit.h"
#include "cli/verbs.h"

static int run(const char *name, int argc, char *const argv[]);
static int run_mode(const struct options *options);
static const char *base_name(const char *path);

int
main(int argc, char *argv[])
{
	const char *name = base_name(argc > 0 ? argv[0] : "postrider");
	struct error err;
	int status;

	if (process_start(&err) == -1)
		return report_error(&err);
	status = run(name, argc, argv);
	if (fflush(stdout) != 0 && status == 0) {
		error_set_errno(&err, ERROR_IO, "standard output");
		status = report_error(&err);
	}
	return status;
}

static int
run(const char *name, int argc, char *const argv[])
{
	bool is_native = strcmp(name, "sendmail") != 0 &&
	    strcmp(name, "send-mail") != 0 && strcmp(name, "mailq") != 0 &&
	    strcmp(name, "newaliases") != 0;
	const struct verb *verb =
	    is_native && argc > 1 ? verb_find(argv[1]) : NULL;
	struct options options;
	struct report report;
	struct error err;
	int status;

	if (verb != NULL && argc > 2 && strcmp(argv[2], "--help") == 0)
		verb = verb_find("help");
	if (verb != NULL)
		return verb->run(argc - 1, argv + 1);
	if (is_native && argc > 1 && verb_is_reserved(argv[1])) {
		error_set(&err, ERROR_USAGE, "%s: not there yet", argv[1]);
		error_hint(&err,
		    "a local user of that name is written behind --");
		return report_error(&err);
	}
	options_init(&options);
	if (options_parse(&options, name, argc, argv, &err) == -1) {
		report_init(&report, &options);
		report.json = options_want_json(argc, argv);
		status = report_failure(&report, &err);
	} else {
		status = run_mode(&options);
	}
	options_done(&options);
	return status;
}

static int
run_mode(const struct options *options)
{
	switch (options->mode) {
	case OPTIONS_SUBMIT:
		return submit(options);
	case OPTIONS_LIST_QUEUE: /* nothing is ever kept for later */
		puts("Mail queue is empty");
		return 0;
	case OPTIONS_RUN_QUEUE:
	case OPTIONS_NEWALIASES: /* the aliases file is read as it is */
		return 0;
	case OPTIONS_HELP:
		return verb_help(0, NULL);
	case OPTIONS_VERSION:
		return verb_version(0, NULL);
	case OPTIONS_MODE_COUNT:
		break;
	}
	return 70;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}
