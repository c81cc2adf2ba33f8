/* SPDX-License-Identifier: MIT */
/*
 * Watches the queue, the network and the clock by what Linux has for it. The
 * timer is of the time of day: it counts what the computer sleeps, and ends
 * when the clock is set.
 */
#include "queue/wakeup.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#endif

#include "base/clock.h"

enum {
	SETTLED_MS = 1000, /* after the last change of the network */
	SETTLED_LIMIT_MS = 5000,
	SUSPENDED_MIN_MS = 1000,
	LOOK_MS = 5000, /* where nothing tells that the queue has changed */
	POLL_MAX_MS = 60000
};

static int wakeup_open_spool(const struct spool *spool);
static int wakeup_open_network(void);
static bool wakeup_read_spool(int fd, bool *ret_is_gone);
static bool wakeup_read_network(int fd);
static bool wakeup_read_timer(int fd);
static bool wakeup_was_suspended(struct wakeup *wakeup);
static int64_t suspended_ms(void);
static void wakeup_note_network(struct wakeup *wakeup);

void
wakeup_open(struct wakeup *wakeup, const struct spool *spool)
{
	*wakeup = (struct wakeup){.timer = -1,
	    .spool = wakeup_open_spool(spool),
	    .network = wakeup_open_network(),
	    .suspended_ms = suspended_ms()};
#ifdef __linux__
	wakeup->timer =
	    timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
#endif
}

void
wakeup_close(struct wakeup *wakeup)
{
	const int fds[] = {wakeup->spool, wakeup->network, wakeup->timer};

	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
		if (fds[i] != -1)
			close(fds[i]);
	}
}

void
wakeup_prepare(const struct wakeup *wakeup,
    struct pollfd ready[WAKEUP_FD_COUNT])
{
	ready[0] = (struct pollfd){.fd = wakeup->spool, .events = POLLIN};
	ready[1] = (struct pollfd){.fd = wakeup->network, .events = POLLIN};
	ready[2] = (struct pollfd){.fd = wakeup->timer, .events = POLLIN};
}

int
wakeup_set(struct wakeup *wakeup, uint64_t next)
{
	uint64_t now = (uint64_t)time(NULL);
	int64_t left_ms = POLL_MAX_MS;

#ifdef __linux__
	struct itimerspec timer = {
	    .it_value = {
		.tv_sec = next < INT32_MAX ? (time_t)next : INT32_MAX}};

	if (timer.it_value.tv_sec < 1)
		timer.it_value.tv_sec = 1;
	if (wakeup->timer != -1)
		timerfd_settime(wakeup->timer,
		    TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &timer, NULL);
	if (wakeup->timer != -1 && wakeup->network != -1)
		left_ms = INT32_MAX;
#endif
	if (wakeup->spool == -1)
		left_ms = LOOK_MS;
	if (next <= now)
		left_ms = 0;
	else if (next - now < (uint64_t)left_ms / 1000)
		left_ms = (int64_t)(next - now) * 1000;
	if (wakeup->network_ms != 0 &&
	    clock_left_ms(wakeup->network_ms) < left_ms)
		left_ms = clock_left_ms(wakeup->network_ms);
	return (int)left_ms;
}

void
wakeup_read(struct wakeup *wakeup, struct wakeup_events *ret_events)
{
	*ret_events = (struct wakeup_events){.queue_changed = false};
	ret_events->queue_changed =
	    wakeup_read_spool(wakeup->spool, &ret_events->queue_is_gone) ||
	    wakeup->spool == -1;
	if (wakeup_read_network(wakeup->network))
		wakeup_note_network(wakeup);
	ret_events->network_changed = wakeup_read_timer(wakeup->timer);
	if (wakeup_was_suspended(wakeup))
		ret_events->network_changed = true;
	if (wakeup->network_ms != 0 && clock_left_ms(wakeup->network_ms) == 0) {
		ret_events->network_changed = true;
		wakeup->network_ms = 0;
	}
}

static void
wakeup_note_network(struct wakeup *wakeup)
{
	int64_t now_ms = clock_now_ms();

	if (wakeup->network_ms == 0)
		wakeup->network_limit_ms = now_ms + SETTLED_LIMIT_MS;
	wakeup->network_ms =
	    clock_earlier_ms(now_ms + SETTLED_MS, wakeup->network_limit_ms);
}

#ifdef __linux__

static int
wakeup_open_spool(const struct spool *spool)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd != -1 &&
	    inotify_add_watch(fd, spool->path,
		IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF |
		    IN_ONLYDIR) == -1) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int
wakeup_open_network(void)
{
	const struct sockaddr_nl address = {.nl_family = AF_NETLINK,
	    .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR |
		RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    NETLINK_ROUTE);

	if (fd != -1 &&
	    bind(fd, (const void *)&address, sizeof address) == -1) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool
wakeup_read_spool(int fd, bool *ret_is_gone)
{
	union {
		struct inotify_event event;
		char bytes[4096];
	} buffer;
	bool has_changed = false;
	ssize_t got;

	while (fd != -1 && (got = read(fd, &buffer, sizeof buffer)) > 0) {
		ssize_t at = 0;

		has_changed = true;
		while (at < got) {
			const struct inotify_event *event =
			    (const void *)(buffer.bytes + at);

			if (event->mask &
			    (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT))
				*ret_is_gone = true;
			at += (ssize_t)sizeof *event + event->len;
		}
	}
	return has_changed;
}

/* What has changed doesn't matter, nor whether some of it was lost. */
static bool
wakeup_read_network(int fd)
{
	char buffer[8192];
	bool has_changed = false;
	ssize_t got = 0;

	while (fd != -1 &&
	    ((got = recv(fd, buffer, sizeof buffer, 0)) > 0 ||
		(got == -1 && errno == ENOBUFS)))
		has_changed = true;
	return has_changed;
}

/* Whether the clock was set. */
static bool
wakeup_read_timer(int fd)
{
	uint64_t count;

	return fd != -1 && read(fd, &count, sizeof count) == -1 &&
	    errno == ECANCELED;
}

static int64_t
suspended_ms(void)
{
	struct timespec boot;
	struct timespec running;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_MONOTONIC, &running);
	return (boot.tv_sec - running.tv_sec) * 1000 +
	    (boot.tv_nsec - running.tv_nsec) / 1000000;
}

#else

static int
wakeup_open_spool(const struct spool *spool)
{
	(void)spool;
	return -1;
}

static int
wakeup_open_network(void)
{
	return -1;
}

static bool
wakeup_read_spool(int fd, bool *ret_is_gone)
{
	(void)fd;
	(void)ret_is_gone;
	return false;
}

static bool
wakeup_read_network(int fd)
{
	(void)fd;
	return false;
}

static bool
wakeup_read_timer(int fd)
{
	(void)fd;
	return false;
}

static int64_t
suspended_ms(void)
{
	return 0;
}

#endif

static bool
wakeup_was_suspended(struct wakeup *wakeup)
{
	int64_t before_ms = wakeup->suspended_ms;

	wakeup->suspended_ms = suspended_ms();
	return wakeup->suspended_ms - before_ms > SUSPENDED_MIN_MS;
}
