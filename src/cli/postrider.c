/* SPDX-License-Identifier: MIT */
/*
 * The program postrider: decides by its name and first argument whether to send
 * a message (submit.c) or to run a command (verbs.c).
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/interruption.h"
#include "base/process.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/queue.h"
#include "report/report.h"
#include "cli/serve.h"
#include "cli/submit.h"
#include "cli/verbs.h"
#include "cli/verify.h"

static int postrider_end_output(struct error *err);
static int postrider_run_as(const char *name, int argc, char *const argv[]);
static int postrider_run_sendmail(enum options_mode mode, bool as_sendmail,
    int argc, char *const argv[]);
static int postrider_take_recipients(struct options *options,
    struct error *err);
static int postrider_run_mode(struct options *options);
static const char *base_name(const char *path);

int
main(int argc, char *argv[])
{
	const char *name = base_name(argc > 0 ? argv[0] : "postrider");
	struct error err;
	int status;

	if (process_start(&err) == -1)
		return report_error(&err);
	status = postrider_run_as(name, argc, argv);
	if (postrider_end_output(&err) == -1 && status == 0)
		status = report_error(&err);
	if (status > INTERRUPTION_STATUS)
		interruption_die(status - INTERRUPTION_STATUS);
	return status;
}

/* Also if an earlier flush failed, which leaves nothing to be written. */
static int
postrider_end_output(struct error *err)
{
	bool is_incomplete = ferror(stdout) != 0;

	if (fflush(stdout) != 0)
		return error_set_errno(err, ERROR_IO, "standard output");
	if (!is_incomplete)
		return 0;
	return error_set(err, ERROR_IO,
	    "standard output: not everything was written");
}

static int
postrider_run_as(const char *name, int argc, char *const argv[])
{
	static const struct {
		const char *name;
		enum options_mode mode;
	} names[] = {
	    {"sendmail", OPTIONS_SUBMIT},
	    {"send-mail", OPTIONS_SUBMIT},
	    {"mailq", OPTIONS_LIST_QUEUE},
	    {"newaliases", OPTIONS_NEWALIASES},
	};
	const struct verb *verb;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(name, names[i].name) == 0)
			return postrider_run_sendmail(names[i].mode, true, argc,
			    argv);
	}
	if (argc <= 1 && isatty(STDIN_FILENO) == 1) {
		help_print_summary();
		return error_exit_status(ERROR_USAGE);
	}
	verb = argc > 1 ? verb_find(argv[1]) : NULL;
	if (verb != NULL)
		return verb_run(verb, argc - 1, argv + 1);
	return postrider_run_sendmail(OPTIONS_SUBMIT, false, argc, argv);
}

static int
postrider_run_sendmail(enum options_mode mode, bool as_sendmail, int argc,
    char *const argv[])
{
	struct options options;
	struct report report;
	struct error err;
	int status;

	options_init(&options, "");
	options.mode = mode;
	options.as_sendmail = as_sendmail;
	if (options_parse(&options, argc, argv, &err) == -1 ||
	    postrider_take_recipients(&options, &err) == -1 ||
	    (options.mode == OPTIONS_SUBMIT &&
		verb_check_recipients(&options, &err) == -1)) {
		report_init(&report, options.report);
		status = report_failure(&report, &err);
	} else {
		status = postrider_run_mode(&options);
	}
	options_done(&options);
	return status;
}

/* Those of a message that -s or -A compose. */
static int
postrider_take_recipients(struct options *options, struct error *err)
{
	for (size_t i = 0; options->composes && i < options->argument_count;
	     i++) {
		if (composition_add(&options->composition, COMPOSE_TO,
			options->argument[i], err) == -1)
			return -1;
	}
	return 0;
}

static int
postrider_run_mode(struct options *options)
{
	switch (options->mode) {
	case OPTIONS_SUBMIT:
		return submit(options);
	case OPTIONS_SERVE:
		return serve(options);
	case OPTIONS_VERIFY:
		return verify(options);
	case OPTIONS_LIST_QUEUE:
		return queue_command(options, queue_list);
	case OPTIONS_RUN_QUEUE:
		return queue_command(options, queue_run);
	case OPTIONS_NEWALIASES: /* the aliases file has no database */
		return 0;
	case OPTIONS_HELP:
		help_print_summary();
		return 0;
	case OPTIONS_VERSION:
		return verb_version(options, NULL);
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
