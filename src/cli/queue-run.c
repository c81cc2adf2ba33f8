/* SPDX-License-Identifier: MIT */
/*
 * Becomes the program postrider-queue, which sends the queue.
 */
#include <unistd.h>

#include "base/buf.h"
#include "base/exec-path.h"
#include "cli/queue.h"
#include "submit/queue-program.h"

enum {
	PATH_SIZE = 4096
};

int
queue_run(struct queue *queue, struct error *err)
{
	const struct report_options *report = &queue->options->report;
	const char *argv[7] = {QUEUE_PROGRAM, "run"};
	struct buf path;
	int count = 2;

	if (report->verbose)
		argv[count++] = "--verbose";
	if (report->has_times)
		argv[count++] = "--times";
	if (report->quiet)
		argv[count++] = "--quiet";
	if (report->json)
		argv[count++] = "--json";
	buf_init(&path, PATH_SIZE);
	if (exec_path_find(QUEUE_PROGRAM, &path, err) == 0) {
		execv(buf_text(&path), (char **)argv);
		error_set_errno(err, ERROR_SYSTEM, "%s", buf_text(&path));
	}
	buf_done(&path);
	return -1;
}
