/* SPDX-License-Identifier: MIT */
/*
 * Finds out what will start the program that sends the queue.
 */
#include "submit/queue-timer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/paths.h"
#include "base/secret.h"
#include "base/spawn.h"
#include "base/text.h"

enum {
	CRONTAB_LIMIT_MS = 5000
};

static bool timer_is_enabled(void);
static bool crontab_has_line(void);
static bool crontab_names_queue(const char *text);

bool
queue_timer_has_systemd(void)
{
	/* sd_booted(3) */
	return access("/run/systemd/system", F_OK) == 0;
}

char *
queue_timer_path(const char *name, struct error *err)
{
	char *in_config = text_format(err, "systemd/user/%s", name);
	char *path = in_config != NULL ? paths_config(in_config, err) : NULL;

	free(in_config);
	return path;
}

bool
queue_timer_is_installed(void)
{
	return (queue_timer_has_systemd() && timer_is_enabled()) ||
	    crontab_has_line();
}

/* By the user, or by an administrator for all users. A link whose file is gone
 * enables nothing. */
static bool
timer_is_enabled(void)
{
	static const char link[] = "timers.target.wants/" QUEUE_TIMER_NAME;
	struct error ignored;
	char *path = queue_timer_path(link, &ignored);
	bool is_enabled = path != NULL && access(path, F_OK) == 0;

	free(path);
	return is_enabled ||
	    access("/etc/systemd/user/timers.target.wants/" QUEUE_TIMER_NAME,
		F_OK) == 0;
}

/* A crontab may contain passwords. */
static bool
crontab_has_line(void)
{
	char *argv[] = {"crontab", "-l", NULL};
	int64_t deadline_ms = clock_now_ms() + CRONTAB_LIMIT_MS;
	struct spawn_child child;
	struct error ignored;
	struct secret *output = secret_new(&ignored);
	bool has_line = false;
	int status = 0;

	spawn_init(&child);
	if (output != NULL &&
	    spawn_start(&child, argv, SPAWN_OUT | SPAWN_ERR, &ignored) == 0 &&
	    secret_read(output, child.out, deadline_ms, &ignored) == 0 &&
	    spawn_wait(&child, deadline_ms, &status, &ignored) == 0)
		has_line =
		    status == 0 && crontab_names_queue(secret_bytes(output));
	spawn_done(&child);
	secret_free(output);
	return has_line;
}

/* "postrider-queue start", or what a person wrote: "postrider queue run". */
static bool
crontab_names_queue(const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		size_t indent = strspn(text, " \t");

		if (text[indent] != '#' &&
		    (memmem(text, len, "postrider-queue", 15) != NULL ||
			memmem(text, len, "postrider queue run", 19) != NULL))
			return true;
		text += len + (text[len] == '\n' ? 1 : 0);
	}
	return false;
}
