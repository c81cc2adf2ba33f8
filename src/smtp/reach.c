/* SPDX-License-Identifier: MIT */
/*
 * Measures connections, but keeps none: smtp/connect.c makes the one that is
 * used.
 */
#include "smtp/reach.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/clock.h"

static void reach_start(struct reach *reach, struct pollfd *waiting);
static bool reach_look(struct reach *reach, struct pollfd *waiting,
    int64_t start_ms);
static void reach_end(struct reach *reach, struct pollfd *waiting, int failure,
    int64_t start_ms);

void
reach_all(struct reach *reach, size_t count, int64_t deadline_ms)
{
	struct pollfd waiting[REACH_MAX];
	int64_t start_ms = clock_now_ms();
	bool is_waiting = true;

	assert(count <= REACH_MAX);
	for (size_t i = 0; i < count; i++)
		reach_start(&reach[i], &waiting[i]);
	while (is_waiting && clock_left_ms(deadline_ms) > 0) {
		is_waiting = false;
		for (size_t i = 0; i < count; i++)
			is_waiting |=
			    reach_look(&reach[i], &waiting[i], start_ms);
		if (is_waiting)
			poll(waiting, (nfds_t)count,
			    clock_left_ms(deadline_ms));
	}
	for (size_t i = 0; i < count; i++) {
		if (reach_look(&reach[i], &waiting[i], start_ms))
			reach_end(&reach[i], &waiting[i], ETIMEDOUT, start_ms);
	}
}

static void
reach_start(struct reach *reach, struct pollfd *waiting)
{
	int fd = socket(reach->address.ss_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	*waiting = (struct pollfd){.fd = fd, .events = POLLOUT};
	reach->ms = 0;
	reach->failure = fd == -1 ? errno : 0;
	if (fd != -1 &&
	    connect(fd, (struct sockaddr *)&reach->address,
		reach->address_len) == -1 &&
	    errno != EINPROGRESS) {
		reach->failure = errno;
		close(fd);
		waiting->fd = -1;
	}
}

/* Returns whether there is no answer yet. */
static bool
reach_look(struct reach *reach, struct pollfd *waiting, int64_t start_ms)
{
	int failure = 0;
	socklen_t len = sizeof failure;
	struct pollfd now = *waiting;

	if (waiting->fd == -1)
		return false;
	if (poll(&now, 1, 0) <= 0)
		return true;
	getsockopt(waiting->fd, SOL_SOCKET, SO_ERROR, &failure, &len);
	reach_end(reach, waiting, failure, start_ms);
	return false;
}

static void
reach_end(struct reach *reach, struct pollfd *waiting, int failure,
    int64_t start_ms)
{
	close(waiting->fd);
	waiting->fd = -1;
	reach->failure = failure;
	reach->ms = clock_now_ms() - start_ms;
}
