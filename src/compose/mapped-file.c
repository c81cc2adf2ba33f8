/* SPDX-License-Identifier: MIT */
/*
 * Gives mapped pages back by a timer.
 */
#include "compose/mapped-file.h"

#ifdef __linux__

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum {
	LINE_SIZE = PATH_MAX + 128,
	INTERVAL_NS = 500 * 1000
};

static void on_timer(int number, siginfo_t *info, void *context);

/* A line of proc_pid_maps(5): "START-END PERMISSIONS ... PATH". */
void
mapped_file_find(const char *suffix, struct mapped_file *ret_file)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[LINE_SIZE];

	*ret_file = (struct mapped_file){.len = 0};
	while (maps != NULL && ret_file->len == 0 &&
	    fgets(line, sizeof line, maps) != NULL) {
		size_t len = strcspn(line, "\n");
		char *start;
		char *end;

		line[len] = '\0';
		if (len > strlen(suffix) &&
		    strcmp(line + len - strlen(suffix), suffix) == 0 &&
		    sscanf(line, "%p-%p", (void **)&start, (void **)&end) == 2)
			*ret_file = (struct mapped_file){.start = start,
			    .len = (size_t)(end - start)};
	}
	if (maps != NULL)
		fclose(maps);
}

void
mapped_file_limit(struct mapped_file *file)
{
	struct sigaction action = {.sa_sigaction = on_timer,
	    .sa_flags = SA_SIGINFO | SA_RESTART};
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
	    .sigev_signo = SIGALRM,
	    .sigev_value.sival_ptr = file};
	struct itimerspec interval = {.it_interval.tv_nsec = INTERVAL_NS,
	    .it_value.tv_nsec = INTERVAL_NS};

	if (file->len == 0)
		return;
	sigemptyset(&action.sa_mask);
	if (sigaction(SIGALRM, &action, NULL) == -1 ||
	    timer_create(CLOCK_MONOTONIC, &event, &file->timer) == -1)
		return;
	file->is_limited = true;
	timer_settime(file->timer, 0, &interval, NULL);
}

void
mapped_file_done(struct mapped_file *file)
{
	if (file->is_limited)
		timer_delete(file->timer);
	file->is_limited = false;
}

static void
on_timer(int number, siginfo_t *info, void *context)
{
	const struct mapped_file *file = info->si_value.sival_ptr;

	(void)number;
	(void)context;
	madvise(file->start, file->len, MADV_DONTNEED);
}

#else

void
mapped_file_find(const char *suffix, struct mapped_file *ret_file)
{
	(void)suffix;
	*ret_file = (struct mapped_file){.len = 0};
}

void
mapped_file_limit(struct mapped_file *file)
{
	(void)file;
}

void
mapped_file_done(struct mapped_file *file)
{
	(void)file;
}

#endif
