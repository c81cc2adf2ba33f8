/* SPDX-License-Identifier: MIT */
/*
 * Starts postrider-credential for a notification. A process in between ends at
 * once, so that this process need not wait for the other one.
 */
#include "credential/notification.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/exec-path.h"
#include "base/file.h"
#include "base/spawn.h"
#include "credential/invocation.h"

static void start_notify(char *program, const char *text, size_t len);

void
keeper_notify(const char *summary, const char *body)
{
	struct buf text;
	struct buf program;
	struct error ignored;
	pid_t pid = -1;

	buf_init(&text, KEEPER_NOTIFICATION_MAX + 2);
	buf_init(&program, PATH_MAX);
	if (buf_addf(&text, &ignored, "%.*s\n", KEEPER_NOTIFICATION_MAX / 2,
		summary) == 0 &&
	    buf_addf(&text, &ignored, "%.*s", KEEPER_NOTIFICATION_MAX / 2,
		body) == 0 &&
	    exec_path_find(INVOCATION_KEEPER, &program, &ignored) == 0)
		pid = fork();
	if (pid == 0) {
		start_notify(program.data, text.data, text.len);
		_exit(0);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		continue;
	buf_done(&program);
	buf_done(&text);
}

/* The text fits in the pipe. */
static void
start_notify(char *program, const char *text, size_t len)
{
	char operation[] = "notify";
	char *argv[] = {program, operation, NULL};
	struct spawn_child child;
	struct error ignored;

	unsetenv("POSTRIDER_PASSWORD");
	if (spawn_start(&child, argv, SPAWN_IN | SPAWN_DETACHED, &ignored) == 0)
		file_write(child.in, text, len, &ignored);
}
