/* SPDX-License-Identifier: MIT */
/*
 * Races connections to all addresses of a host (RFC 8305), so that a dead IPv6
 * path costs a quarter of a second instead of a time-out.
 */
#include "smtp/connect.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	RACERS_MAX = 16,
	HEAD_START_MS = 250 /* RFC 8305 section 5, Connection Attempt Delay */
};

struct race {
	const struct addrinfo *entry[RACERS_MAX];
	size_t entry_count;
	size_t started;
	struct pollfd racer[RACERS_MAX]; /* fd -1: failed or not started */
	int last_errno;
};

static void race_init(struct race *race, const struct addrinfo *addresses);
static int race_run(struct race *race, int64_t deadline_ms);
static void race_start_next(struct race *race);
static int race_find_winner(struct race *race);
static void race_drop(struct race *race, size_t i, int failure);
static bool race_is_running(const struct race *race);
static int race_take_winner(struct race *race, size_t i);
static void note_connection(const struct transcript *transcript, int fd,
    uint16_t port);

int
connect_to(const struct addrinfo *addresses, const char *host, uint16_t port,
    int64_t deadline_ms, const struct transcript *transcript, struct error *err)
{
	struct race race;
	int fd;

	race_init(&race, addresses);
	fd = race_run(&race, deadline_ms);
	if (fd != -1) {
		note_connection(transcript, fd, port);
		return fd;
	}
	errno = race.last_errno;
	return error_set_errno(err, ERROR_TEMPORARY, "%s port %u", host,
	    (unsigned)port);
}

/* Alternates the address families, in the order that the resolver prefers. */
static void
race_init(struct race *race, const struct addrinfo *addresses)
{
	const struct addrinfo *next[2] = {addresses, addresses};
	int family[2] = {addresses->ai_family, AF_UNSPEC};

	memset(race, 0, sizeof *race);
	race->last_errno = ETIMEDOUT;
	for (size_t i = 0; i < RACERS_MAX; i++)
		race->racer[i] = (struct pollfd){.fd = -1, .events = POLLOUT};
	for (const struct addrinfo *a = addresses; a != NULL; a = a->ai_next) {
		if (a->ai_family != family[0])
			family[1] = a->ai_family;
	}
	for (int side = 0; race->entry_count < RACERS_MAX; side = !side) {
		while (
		    next[side] != NULL && next[side]->ai_family != family[side])
			next[side] = next[side]->ai_next;
		if (next[0] == NULL && next[1] == NULL)
			break;
		if (next[side] == NULL)
			continue;
		race->entry[race->entry_count++] = next[side];
		next[side] = next[side]->ai_next;
	}
}

static int
race_run(struct race *race, int64_t deadline_ms)
{
	int64_t next_start_ms = 0;

	for (;;) {
		int winner;
		int64_t wake_ms = deadline_ms;

		while (race->started < race->entry_count &&
		    (clock_now_ms() >= next_start_ms ||
			!race_is_running(race))) {
			race_start_next(race);
			next_start_ms = clock_now_ms() + HEAD_START_MS;
		}
		if (!race_is_running(race))
			return -1;
		if (race->started < race->entry_count)
			wake_ms = clock_earlier_ms(wake_ms, next_start_ms);
		poll(race->racer, race->started, clock_left_ms(wake_ms));
		winner = race_find_winner(race);
		if (winner != -1)
			return race_take_winner(race, (size_t)winner);
		if (clock_left_ms(deadline_ms) == 0)
			break;
	}
	for (size_t i = 0; i < race->started; i++)
		race_drop(race, i, ETIMEDOUT);
	return -1;
}

static void
race_start_next(struct race *race)
{
	size_t i = race->started++;
	const struct addrinfo *entry = race->entry[i];
	int one = 1;
	int fd = socket(entry->ai_family,
	    entry->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    entry->ai_protocol);

	race->racer[i].fd = fd;
	if (fd == -1) {
		race->last_errno = errno;
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (connect(fd, entry->ai_addr, entry->ai_addrlen) == -1 &&
	    errno != EINPROGRESS)
		race_drop(race, i, errno);
}

/* Returns the first racer that is connected, or -1. Drops those that failed. */
static int
race_find_winner(struct race *race)
{
	for (size_t i = 0; i < race->started; i++) {
		int failure = 0;
		socklen_t len = sizeof failure;

		if (race->racer[i].fd == -1 || race->racer[i].revents == 0)
			continue;
		getsockopt(race->racer[i].fd, SOL_SOCKET, SO_ERROR, &failure,
		    &len);
		if (failure == 0)
			return (int)i;
		race_drop(race, i, failure);
	}
	return -1;
}

static void
race_drop(struct race *race, size_t i, int failure)
{
	if (race->racer[i].fd == -1)
		return;
	close(race->racer[i].fd);
	race->racer[i].fd = -1;
	race->racer[i].revents = 0;
	race->last_errno = failure;
}

static bool
race_is_running(const struct race *race)
{
	for (size_t i = 0; i < race->started; i++) {
		if (race->racer[i].fd != -1)
			return true;
	}
	return false;
}

static int
race_take_winner(struct race *race, size_t i)
{
	int fd = race->racer[i].fd;

	race->racer[i].fd = -1;
	for (size_t j = 0; j < race->started; j++)
		race_drop(race, j, 0);
	return fd;
}

static void
note_connection(const struct transcript *transcript, int fd, uint16_t port)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof peer;
	char address[NI_MAXHOST];

	if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0 &&
	    getnameinfo((struct sockaddr *)&peer, len, address, sizeof address,
		NULL, 0, NI_NUMERICHOST) == 0)
		transcript_note(transcript, "connected to %s port %u", address,
		    (unsigned)port);
}
