/* SPDX-License-Identifier: MIT */
/*
 * The program postrider-queue: sends queued messages, while the user waits
 * (run) or in the background (start), and holds sessions (hold).
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/interruption.h"
#include "base/process.h"
#include "queue/hold.h"
#include "queue/queue.h"
#include "report/report.h"

enum {
	INHERITED_MAX = 1024
};

typedef int operation_function(struct queue *queue, int argc,
    char *const argv[], struct error *err);

static operation_function operation_run, operation_start, operation_hold;
static operation_function *find_operation(const char *name);
static int print_usage(void);
static int refuse_command(const char *name, struct error *err);
static int prepare_queue(struct queue *queue, int argc, char *const argv[],
    struct error *err);
static int take_options(struct queue *queue, int argc, char *const argv[],
    struct error *err);
static int detach(const struct queue *queue, struct error *err);
static void close_inherited(int kept);
static int report_end(const struct queue *queue, const struct error *err);

static const struct {
	const char *name;
	operation_function *run;
} operations[] = {
    {"run", operation_run},
    {"start", operation_start},
    {"hold", operation_hold},
};

int
main(int argc, char *argv[])
{
	struct queue queue = {.spool = {.directory = -1}};
	const char *name = argc > 1 ? argv[1] : "";
	operation_function *run = find_operation(name);
	struct error err;
	int status;

	if (process_start(&err) == -1)
		return report_error(&err);
	if (argc == 2 && strcmp(name, "--help") == 0)
		return print_usage();
	if (argc == 2 && strcmp(name, "--version") == 0)
		return puts("postrider-queue " PACKAGE_VERSION) == EOF;
	status = run != NULL ? run(&queue, argc, argv, &err)
			     : refuse_command(name, &err);
	spool_close(&queue.spool);
	if (status == -1)
		status = report_end(&queue, &err);
	if (status > INTERRUPTION_STATUS)
		interruption_die(status - INTERRUPTION_STATUS);
	return status;
}

static operation_function *
find_operation(const char *name)
{
	for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
		if (strcmp(operations[i].name, name) == 0)
			return operations[i].run;
	}
	return NULL;
}

static int
print_usage(void)
{
	puts("postrider-queue sends the messages that postrider has queued.\n"
	     "\n"
	     "Usage: postrider-queue run [--verbose] [--times] [--quiet] "
	     "[--json]\n"
	     "       postrider-queue start\n"
	     "       postrider-queue hold --account=NAME\n"
	     "       postrider-queue --help|--version\n\n"
	     "\"run\" tries once all that waits; \"start\" sends in the "
	     "background; \"hold\"\n"
	     "holds sessions. Usually \"postrider queue\" is what you want: "
	     "postrider-queue(1).");
	return 0;
}

static int
operation_run(struct queue *queue, int argc, char *const argv[],
    struct error *err)
{
	if (prepare_queue(queue, argc, argv, err) == -1)
		return -1;
	return queue_run(queue, err);
}

static int
operation_start(struct queue *queue, int argc, char *const argv[],
    struct error *err)
{
	if (prepare_queue(queue, argc, argv, err) == -1 ||
	    detach(queue, err) == -1)
		return -1;
	return queue_start(queue, err);
}

static int
operation_hold(struct queue *queue, int argc, char *const argv[],
    struct error *err)
{
	(void)queue;
	close_inherited(-1);
	return hold(argc, argv, err);
}

static int
refuse_command(const char *name, struct error *err)
{
	error_set(err, ERROR_USAGE,
	    *name != '\0' ? "unknown command: %s" : "missing command%s", name);
	return error_hint(err, "use run, start or hold, or postrider queue");
}

static int
prepare_queue(struct queue *queue, int argc, char *const argv[],
    struct error *err)
{
	return take_options(queue, argc, argv, err) == -1
	    ? -1
	    : spool_open(&queue->spool, false, err);
}

static int
take_options(struct queue *queue, int argc, char *const argv[],
    struct error *err)
{
	static const struct {
		const char *name;
		size_t offset;
	} options[] = {
	    {"--verbose", offsetof(struct queue, report.verbose)},
	    {"--times", offsetof(struct queue, report.has_times)},
	    {"--quiet", offsetof(struct queue, report.quiet)},
	    {"--json", offsetof(struct queue, as_json)},
	};

	for (int i = 2; i < argc; i++) {
		size_t at = 0;

		while (at < sizeof options / sizeof *options &&
		    strcmp(argv[i], options[at].name) != 0)
			at++;
		if (at == sizeof options / sizeof *options)
			return error_set(err, ERROR_USAGE, "unknown option: %s",
			    argv[i]);
		*(bool *)((char *)queue + options[at].offset) = true;
	}
	return 0;
}

/* The caller goes on: what follows runs in a process of its own session. What
 * can fail is done before, so that the caller learns of it. */
static int
detach(const struct queue *queue, struct error *err)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid_t pid;

	if (fd == -1 || chdir("/") == -1)
		return error_set_errno(err, ERROR_SYSTEM, "/dev/null");
	pid = fork();
	if (pid == -1)
		return error_set_errno(err, ERROR_SYSTEM, "fork");
	if (pid > 0)
		_exit(0);
	setsid();
	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
		dup2(fd, i);
	close(fd);
	close_inherited(queue->spool.directory);
	return 0;
}

/* Such as the lock of a script: this process would keep it. */
static void
close_inherited(int kept)
{
	long limit = sysconf(_SC_OPEN_MAX);

	if (limit < 0 || limit > INHERITED_MAX)
		limit = INHERITED_MAX;
	for (int fd = STDERR_FILENO + 1; fd < limit; fd++) {
		if (fd != kept)
			close(fd);
	}
}

static int
report_end(const struct queue *queue, const struct error *err)
{
	struct report_options options = queue->report;
	struct report report;

	options.json = queue->as_json;
	report_init(&report, options);
	return report_failure(&report, err);
}
