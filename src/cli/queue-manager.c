/* SPDX-License-Identifier: MIT */
/*
 * Runs systemctl --user.
 */
#include "cli/queue-manager.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/spawn.h"
#include "base/text.h"
#include "submit/queue-timer.h"

enum {
	LIMIT_MS = 30000,
	PATH_SIZE = 64
};

static bool run_systemctl(char *const argv[], unsigned flags);
static void find_runtime_directory(void);

bool
queue_manager_reload(void)
{
	char *argv[] = {"systemctl", "--user", "daemon-reload", NULL};

	return run_systemctl(argv, SPAWN_ERR);
}

bool
queue_manager_enable(bool is_enabled)
{
	char *argv[] = {"systemctl", "--user", "--quiet", "--now",
	    is_enabled ? "enable" : "disable", QUEUE_TIMER_NAME, NULL};

	return run_systemctl(argv, 0);
}

bool
queue_manager_is_permanent(void)
{
	const struct passwd *entry = getpwuid(getuid());
	struct error ignored;
	char *path = entry != NULL
	    ? text_format(&ignored, "/var/lib/systemd/linger/%s",
		  entry->pw_name)
	    : NULL;
	bool is_permanent = path != NULL && access(path, F_OK) == 0;

	free(path);
	return is_permanent;
}

/* flags: SPAWN_ERR discards what it says. */
static bool
run_systemctl(char *const argv[], unsigned flags)
{
	struct spawn_child child;
	struct error ignored;
	int status = -1;

	find_runtime_directory();
	spawn_init(&child);
	if (spawn_start(&child, argv, flags, &ignored) == -1 ||
	    spawn_wait(&child, clock_now_ms() + LIMIT_MS, &status, &ignored) ==
		-1)
		status = -1;
	spawn_done(&child);
	return status == 0;
}

/* The manager's socket is there; su and cron don't set the variable. */
static void
find_runtime_directory(void)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof path, "/run/user/%lu", (unsigned long)getuid());
	if (getenv("XDG_RUNTIME_DIR") == NULL && access(path, X_OK) == 0)
		setenv("XDG_RUNTIME_DIR", path, 1);
}
