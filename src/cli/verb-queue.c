/* SPDX-License-Identifier: MIT */
/*
 * The command queue: its subcommands and their arguments.
 */
#include "cli/verbs.h"

#include <string.h>

#include "cli/queue.h"
#include "report/report.h"

enum subcommand_argument {
	NO_ARGUMENT,
	AN_ID,
	ANYTHING /* or nothing */
};

struct subcommand {
	const char *name;
	queue_function *run;
	enum subcommand_argument argument;
	const char *help;
};

static const struct subcommand subcommands[] = {
    {"list", queue_list, NO_ARGUMENT, "list the messages"},
    {"show", queue_show, AN_ID, "show a message"},
    {"run", queue_run, NO_ARGUMENT, "send what waits now"},
    {"drop", queue_drop, AN_ID, "remove a message"},
    {"resend", queue_resend, AN_ID, "have a message wait again"},
    {"look", queue_look, AN_ID, "look for a message among the sent mail"},
    {"hold", queue_hold, ANYTHING, "keep a message or an account"},
    {"release", queue_release, ANYTHING, "send what is held"},
    {"install", queue_install, NO_ARGUMENT, "have a timer send the queue"},
    {"stop", queue_stop, NO_ARGUMENT, "end what sends in the background"},
    {.name = NULL},
};

static int check_arguments(const struct subcommand *command,
    const struct options *options, struct error *err);

int
verb_queue(struct options *options, struct error *err)
{
	const char *word =
	    options->argument_count > 0 ? options->argument[0] : "list";
	struct queue queue = {.options = options, .spool = {.directory = -1}};
	int result = -1;

	for (size_t i = 0; subcommands[i].name != NULL; i++) {
		if (strcmp(subcommands[i].name, word) != 0)
			continue;
		if (check_arguments(&subcommands[i], options, err) == -1)
			return -1;
		queue.id =
		    options->argument_count > 1 ? options->argument[1] : NULL;
		if (spool_open(&queue.spool, false, err) == 0)
			result = subcommands[i].run(&queue, err);
		spool_close(&queue.spool);
		return result;
	}
	error_set(err, ERROR_USAGE, "queue: unknown argument: %s", word);
	return error_hint(err,
	    "use list, show, run, drop, resend, look, hold, release, stop or "
	    "install");
}

const char *
queue_subcommand(size_t index, const char **ret_help)
{
	*ret_help = subcommands[index].help;
	return subcommands[index].name;
}

int
queue_command(const struct options *options, queue_function *run)
{
	struct queue queue = {.options = options};
	struct report report;
	struct error err;
	int status = spool_open(&queue.spool, false, &err);

	if (status == 0)
		status = run(&queue, &err);
	if (status == -1) {
		report_init(&report, options->report);
		status = report_failure(&report, &err);
	}
	spool_close(&queue.spool);
	return status;
}

static int
check_arguments(const struct subcommand *command, const struct options *options,
    struct error *err)
{
	size_t count = options->argument_count;

	if (count > (command->argument != NO_ARGUMENT ? 2U : 1U))
		return error_set(err, ERROR_USAGE,
		    "queue %s: too many arguments: %s", command->name,
		    options->argument[count - 1]);
	if (command->argument == AN_ID && count < 2) {
		error_set(err, ERROR_USAGE, "queue %s: missing ID",
		    command->name);
		return error_hint(err,
		    "run postrider queue to list the messages");
	}
	if (command->run != queue_install &&
	    (options->queue_remove || options->queue_cron))
		return error_set(err, ERROR_USAGE,
		    "queue %s: invalid option: %s", command->name,
		    options->queue_remove ? "--remove" : "--cron");
	return 0;
}
