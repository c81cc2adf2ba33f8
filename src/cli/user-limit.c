/* SPDX-License-Identifier: MIT */
/*
 * The file of a user has a line for each interval in which there were
 * recipients: its start, in seconds, and their number. An interval is a part of
 * the period; it counts until a whole period has passed since its end.
 */
#include "cli/user-limit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/paths.h"
#include "base/text.h"
#include "config/settings.h"

enum {
	INTERVALS = 120, /* of a period */
	/* With those that have begun before and end after it, and some of
	   another period that was configured before. */
	INTERVALS_MAX = 4 * INTERVALS,
	COUNT_MAX = 1000000,
	LINE_SIZE = 32
};

struct interval {
	int64_t start_s;
	unsigned long count;
};

struct usage {
	struct interval interval[INTERVALS_MAX]; /* the oldest first */
	size_t count;
};

static char *limit_file(struct user_limit *limit, uid_t uid, struct error *err);
static int limit_open_file(struct user_limit *limit, struct error *err);
static int limit_count(struct user_limit *limit, unsigned long count,
    struct error *err);
static int usage_read(struct usage *usage, const struct user_limit *limit,
    int64_t now_s, struct error *err);
static int usage_write(const struct usage *usage,
    const struct user_limit *limit, struct error *err);
static int64_t usage_wait_s(const struct usage *usage,
    const struct user_limit *limit, unsigned long count, int64_t now_s);
static void usage_add(struct usage *usage, int64_t start_s,
    unsigned long count);
static int64_t interval_s(const struct user_limit *limit);
static int limit_refuse(const struct user_limit *limit, int64_t wait_s,
    struct error *err);

void
user_limit_init(struct user_limit *limit)
{
	*limit = (struct user_limit){.fd = -1};
}

int
user_limit_open(struct user_limit *limit, const struct account *account,
    uid_t uid, struct error *err)
{
	const char *text = account->text[SETTING_RECIPIENTS_PER_USER];

	user_limit_init(limit);
	if (text == NULL || *text == '\0' || uid == 0 || uid == geteuid())
		return 0;
	setting_rate(text, &limit->max, &limit->period_s);
	limit->path = limit_file(limit, uid, err);
	if (limit->path != NULL && limit_open_file(limit, err) == 0)
		return 0;
	user_limit_done(limit);
	return -1;
}

void
user_limit_done(struct user_limit *limit)
{
	if (limit->fd != -1)
		close(limit->fd);
	free(limit->path);
	user_limit_init(limit);
}

static char *
limit_file(struct user_limit *limit, uid_t uid, struct error *err)
{
	const struct passwd *user = getpwuid(uid);
	char name[USER_LIMIT_NAME_SIZE];

	if (user != NULL) {
		snprintf(limit->name, sizeof limit->name, "user %.50s",
		    user->pw_name);
		snprintf(name, sizeof name, "recipients/%lu",
		    (unsigned long)uid);
	} else {
		snprintf(limit->name, sizeof limit->name, "unknown users");
		snprintf(name, sizeof name, "recipients/unknown");
	}
	return paths_state(name, err);
}

static int
limit_open_file(struct user_limit *limit, struct error *err)
{
	struct stat status;

	if (file_make_directories(limit->path, err) == -1)
		return -1;
	limit->fd = open(limit->path,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (limit->fd == -1 || fstat(limit->fd, &status) == -1)
		return error_set_errno(err, ERROR_CREATE, "%s", limit->path);
	if (!S_ISREG(status.st_mode) || status.st_uid != geteuid())
		return error_set(err, ERROR_CREATE,
		    "%s: is not a file of this user", limit->path);
	return 0;
}

int
user_limit_take(struct user_limit *limit, unsigned long count,
    struct error *err)
{
	int result;

	if (limit->fd == -1)
		return 0;
	while (flock(limit->fd, LOCK_EX) == -1) {
		if (errno != EINTR)
			return error_set_errno(err, ERROR_CREATE, "%s",
			    limit->path);
	}
	result = limit_count(limit, count, err);
	flock(limit->fd, LOCK_UN);
	return result;
}

static int
limit_count(struct user_limit *limit, unsigned long count, struct error *err)
{
	int64_t now_s = (int64_t)time(NULL);
	struct usage usage;
	int64_t wait_s;

	if (usage_read(&usage, limit, now_s, err) == -1)
		return -1;
	wait_s = usage_wait_s(&usage, limit, count > 0 ? count : 1, now_s);
	if (wait_s > 0)
		return limit_refuse(limit, wait_s, err);
	if (count == 0)
		return 0;
	usage_add(&usage, now_s - now_s % interval_s(limit), count);
	return usage_write(&usage, limit, err);
}

/* What is not a line of ours is skipped, and so is what no longer counts, or
 * is in a future that the clock has left. */
static int
usage_read(struct usage *usage, const struct user_limit *limit, int64_t now_s,
    struct error *err)
{
	int64_t oldest_s = now_s - limit->period_s - interval_s(limit);
	char text[INTERVALS_MAX * LINE_SIZE + 1];
	ssize_t len = pread(limit->fd, text, sizeof text - 1, 0);

	*usage = (struct usage){.count = 0};
	if (len == -1)
		return error_set_errno(err, ERROR_CREATE, "%s", limit->path);
	text[len] = '\0';
	for (char *line = text; *line != '\0';) {
		char *end = line + strcspn(line, "\n");
		char *rest;
		int64_t start_s = strtoll(line, &rest, 10);
		unsigned long count = strtoul(rest, &rest, 10);

		if (*end == '\n' && rest == end && start_s > oldest_s &&
		    start_s <= now_s)
			usage_add(usage, start_s,
			    count < COUNT_MAX ? count : COUNT_MAX);
		line = end + (*end == '\n');
	}
	return 0;
}

static void
usage_add(struct usage *usage, int64_t start_s, unsigned long count)
{
	struct interval *last =
	    usage->count > 0 ? &usage->interval[usage->count - 1] : NULL;

	/* If there are too many, a time is a little too long. */
	if (last != NULL &&
	    (last->start_s == start_s || usage->count == INTERVALS_MAX)) {
		last->start_s = start_s;
		last->count += count;
		return;
	}
	usage->interval[usage->count++] =
	    (struct interval){.start_s = start_s, .count = count};
}

static int
usage_write(const struct usage *usage, const struct user_limit *limit,
    struct error *err)
{
	struct buf text;
	int result = 0;

	buf_init(&text, INTERVALS_MAX * LINE_SIZE);
	for (size_t i = 0; i < usage->count && result == 0; i++)
		result = buf_addf(&text, err, "%" PRId64 " %lu\n",
		    usage->interval[i].start_s, usage->interval[i].count);
	if (result == 0 &&
	    (pwrite(limit->fd, text.data, text.len, 0) != (ssize_t)text.len ||
		ftruncate(limit->fd, (off_t)text.len) == -1))
		result = error_set_errno(err, ERROR_CREATE, "%s", limit->path);
	buf_done(&text);
	return result;
}

/* Returns the seconds until so many more are allowed. */
static int64_t
usage_wait_s(const struct usage *usage, const struct user_limit *limit,
    unsigned long count, int64_t now_s)
{
	unsigned long used = 0;
	int64_t wait_s = 0;

	for (size_t i = 0; i < usage->count; i++)
		used += usage->interval[i].count;
	for (size_t i = 0; i < usage->count && used + count > limit->max; i++) {
		used -= usage->interval[i].count;
		wait_s = usage->interval[i].start_s + limit->period_s +
		    interval_s(limit) - now_s;
	}
	return wait_s;
}

static int64_t
interval_s(const struct user_limit *limit)
{
	int64_t length_s = limit->period_s / INTERVALS;

	return length_s > 0 ? length_s : 1;
}

static int
limit_refuse(const struct user_limit *limit, int64_t wait_s, struct error *err)
{
	static const struct {
		int64_t s;
		const char *name;
	} units[] = {{3600, "hour"}, {60, "minute"}, {1, "second"}};
	size_t i = 0;
	int64_t number;

	while (wait_s < 2 * units[i].s && units[i].s > 1)
		i++;
	number = (wait_s + units[i].s / 2) / units[i].s;
	return error_set(err, ERROR_LATER,
	    "%s may send to %lu recipients a%s, which are used up; try again "
	    "in %" PRId64 " %s%s",
	    limit->name, limit->max,
	    limit->period_s >= 86400      ? " day"
		: limit->period_s >= 3600 ? "n hour"
					  : " minute",
	    number, units[i].name, number == 1 ? "" : "s");
}
