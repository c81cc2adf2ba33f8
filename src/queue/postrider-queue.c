/* SPDX-License-Identifier: MIT */
/*
 * The program postrider-queue: sends queued messages, while somebody waits
 * (run) or in the background (start).
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/interruption.h"
#include "base/process.h"
#include "queue/queue.h"
#include "report/report.h"

typedef int operation_function(struct queue *queue, struct error *err);

static int run(struct queue *queue, struct error *err);
static int start(struct queue *queue, struct error *err);
static int take_options(struct report_options *report, int argc,
    char *const argv[], struct error *err);
static int detach(struct error *err);

static const struct {
	const char *name;
	operation_function *function;
} operations[] = {
    {"run", run},
    {"start", start},
};

int
main(int argc, char *argv[])
{
	struct queue queue = {.spool = {.directory = -1}};
	operation_function *function = NULL;
	struct error err;
	int status = -1;

	if (process_start(&err) == -1)
		return report_error(&err);
	for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
		if (argc > 1 && strcmp(argv[1], operations[i].name) == 0)
			function = operations[i].function;
	}
	if (function == NULL)
		error_set(&err, ERROR_USAGE,
		    "usage: postrider-queue run|start [--verbose]");
	else if (take_options(&queue.report, argc, argv, &err) == 0 &&
	    spool_open(&queue.spool, false, &err) == 0)
		status = function(&queue, &err);
	spool_close(&queue.spool);
	if (status == -1)
		status = report_error(&err);
	if (status > INTERRUPTION_STATUS)
		interruption_die(status - INTERRUPTION_STATUS);
	return status;
}

static int
run(struct queue *queue, struct error *err)
{
	queue->is_flush = true;
	return queue_run(queue, err);
}

static int
start(struct queue *queue, struct error *err)
{
	if (detach(err) == -1)
		return -1;
	return queue_run(queue, err);
}

static int
take_options(struct report_options *report, int argc, char *const argv[],
    struct error *err)
{
	static const struct {
		const char *name;
		size_t offset;
	} options[] = {
	    {"--verbose", offsetof(struct report_options, verbose)},
	    {"--times", offsetof(struct report_options, has_times)},
	    {"--quiet", offsetof(struct report_options, quiet)},
	};

	for (int i = 2; i < argc; i++) {
		size_t at = 0;

		while (at < sizeof options / sizeof *options &&
		    strcmp(argv[i], options[at].name) != 0)
			at++;
		if (at == sizeof options / sizeof *options)
			return error_set(err, ERROR_USAGE, "unknown option: %s",
			    argv[i]);
		*(bool *)((char *)report + options[at].offset) = true;
	}
	return 0;
}

/* The caller goes on: what follows runs in a process of its own session. */
static int
detach(struct error *err)
{
	pid_t pid = fork();

	if (pid == -1)
		return error_set_errno(err, ERROR_SYSTEM, "fork");
	if (pid > 0)
		_exit(0);
	setsid();
	if (chdir("/") == -1)
		return error_set_errno(err, ERROR_SYSTEM, "/");
	return 0;
}
