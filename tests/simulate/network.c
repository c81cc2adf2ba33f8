/* SPDX-License-Identifier: MIT */
/*
 * Transports bytes between client and server in simulated time. Arrivals are
 * a queue in order of time. The file-scope object is the only one: the replaced
 * functions have no context.
 */
#include "network.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "smtp/connect.h"
#include "smtp/resolve.h"
#include "smtp/socket.h"

enum {
	DESCRIPTOR = 1000000,
	ARRIVALS_MAX = 4096,
	INCOMING_MAX = 4 << 20,
	STEPS_MAX = 400000,
	STEP_US = 20,
	FLOOD_STEP_US = 50000,
	NEVER_S = 1000000
};

struct arrival {
	int64_t at_us;
	size_t len; /* 0: the connection ends */
	bool reset;
};

static struct network {
	struct seed *seed;
	uint32_t deviations;
	struct network_handler handler;
	int64_t now_us;
	int64_t limit_us;
	unsigned steps;
	bool has_deviated;
	bool is_over; /* a violation was reported */

	bool is_open;
	bool is_tls;
	int64_t latency_us;
	int64_t pause_ms; /* by which the server's replies are late */
	struct arrival arrival[ARRIVALS_MAX];
	size_t first, end; /* arrivals that were not received */
	size_t taken;      /* bytes of the first one that were */
	struct buf incoming;
	size_t incoming_at;
	enum network_flood flood;
	size_t flood_count;

	size_t room;         /* while the server does not read */
	int64_t reads_at_us; /* the server reads from then on */
	struct buf unread;   /* sent, but not read by the server */

	int64_t handshake_us; /* when it will be done; -1: not started */
	int handshake_result;
	bool handshake_is_busy; /* always readable */
} network;

static void step(int64_t cost_us);
static bool deviates(uint32_t divisor);
static void add_arrival(size_t len, bool reset, int64_t delay_ms);
static bool has_arrived(void);
static bool is_flooded(void);
static bool is_reading(void);
static bool is_ready(short events);
static int64_t next_event_us(short events);
static void hear(const char *bytes, size_t len);

void
network_init(struct seed *seed, uint32_t deviations, int64_t limit_ms,
    const struct network_handler *handler)
{
	network = (struct network){.seed = seed,
	    .deviations = deviations,
	    .handler = *handler,
	    .limit_us = limit_ms * 1000};
	buf_init(&network.incoming, INCOMING_MAX);
	buf_init(&network.unread, INCOMING_MAX);
}

void
network_done(void)
{
	buf_done(&network.incoming);
	buf_done(&network.unread);
}

bool
network_has_deviated(void)
{
	return network.has_deviated;
}

int64_t
network_now_ms(void)
{
	return network.now_us / 1000;
}

void
network_sleep_until(int64_t time_ms)
{
	if (time_ms * 1000 > network.now_us)
		network.now_us = time_ms * 1000;
	step(0);
}

void
network_reply(const char *bytes, size_t len, int64_t delay_ms)
{
	struct error ignored;

	if (len > 0 && buf_add(&network.incoming, bytes, len, &ignored) == 0)
		add_arrival(len, false, delay_ms);
}

void
network_pause(int64_t pause_ms)
{
	network.pause_ms += pause_ms;
}

void
network_end(bool reset)
{
	add_arrival(0, reset, 0);
}

void
network_set_flood(enum network_flood flood)
{
	network.flood = flood;
}

void
network_stop_reading(size_t room, int64_t time_ms)
{
	network.room = room;
	network.reads_at_us = time_ms * 1000;
}

int
network_handshake(void)
{
	static const int results[] = {-1, 0, 0, 1};

	step(network.handshake_is_busy ? FLOOD_STEP_US : STEP_US);
	if (network.handshake_us == -1) {
		network.handshake_result =
		    deviates(1) ? results[seed_below(network.seed, 4)] : 1;
		network.handshake_is_busy = network.handshake_result == 0 &&
		    seed_chance(network.seed, 500);
		network.handshake_us = network.now_us + 2 * network.latency_us;
	}
	if (network.now_us < network.handshake_us ||
	    network.handshake_result == 0)
		return 0;
	if (network.handshake_result == 1) {
		network.is_tls = true;
		network.handler.on_handshake(network.handler.context);
	}
	return network.handshake_result;
}

long
network_send(const char *bytes, size_t len)
{
	size_t count = len;
	struct error ignored;

	step(STEP_US);
	if (!network.is_open ||
	    (has_arrived() && network.arrival[network.first].reset)) {
		errno = ECONNRESET;
		return -1;
	}
	if (seed_chance(network.seed, 20 + network.deviations / 4))
		count = 1 + seed_below(network.seed, (uint32_t)len);
	if (is_reading()) {
		hear(bytes, count);
		return (long)count;
	}
	if (count > network.room)
		count = network.room;
	if (count == 0 ||
	    buf_add(&network.unread, bytes, count, &ignored) == -1) {
		errno = EAGAIN;
		return -1;
	}
	network.room -= count;
	return (long)count;
}

long
network_receive(char *out, size_t len)
{
	struct arrival *arrival;
	size_t count;

	step(is_flooded() ? FLOOD_STEP_US : STEP_US);
	if (is_flooded() && network.flood != NETWORK_FLOOD_EMPTY_RECORDS) {
		static const char line[] = "250-and so on\r\n";

		for (count = 0; count < len; count++)
			out[count] = network.flood == NETWORK_FLOOD_BYTES
			    ? 'x'
			    : line[network.flood_count++ % (sizeof line - 1)];
		return (long)count;
	}
	if (!has_arrived()) {
		errno = EAGAIN;
		return -1;
	}
	arrival = &network.arrival[network.first];
	if (arrival->len == 0) {
		errno = ECONNRESET;
		return arrival->reset ? -1 : 0;
	}
	count = arrival->len - network.taken;
	if (count > len)
		count = len;
	if (seed_chance(network.seed, 20 + network.deviations / 4))
		count = 1 + seed_below(network.seed, (uint32_t)count);
	memcpy(out, network.incoming.data + network.incoming_at, count);
	network.incoming_at += count;
	network.taken += count;
	if (network.taken == arrival->len) {
		network.first++;
		network.taken = 0;
	}
	return (long)count;
}

bool
network_has_pending(void)
{
	return network.taken > 0;
}

bool
network_is(int fd)
{
	if (fd == DESCRIPTOR)
		network.is_open = false;
	return fd == DESCRIPTOR;
}

int
resolve_host(const char *host, uint16_t port, int64_t deadline_ms,
    struct addrinfo **ret_addresses, struct error *err)
{
	(void)port;
	if (deviates(8)) {
		network_sleep_until(deadline_ms);
		return error_set(err, ERROR_TEMPORARY,
		    "%s: the name servers do not respond", host);
	}
	*ret_addresses = NULL;
	return 0;
}

int
connect_to(const struct addrinfo *addresses, const char *host, uint16_t port,
    int64_t deadline_ms, const struct transcript *transcript, struct error *err)
{
	(void)addresses;
	(void)transcript;
	if (deviates(4)) {
		if (seed_chance(network.seed, 500))
			network_sleep_until(deadline_ms);
		return error_set(err, ERROR_TEMPORARY,
		    "%s port %u: connection refused", host, (unsigned)port);
	}
	buf_clear(&network.incoming);
	buf_clear(&network.unread);
	network.incoming_at = network.first = network.end = network.taken = 0;
	network.flood = NETWORK_FLOOD_NONE;
	network.reads_at_us = 0;
	network.pause_ms = 0;
	network.handshake_us = -1;
	network.handshake_is_busy = false;
	network.is_tls = false;
	network.latency_us = 1000 * (int64_t)seed_below(network.seed, 200);
	network.is_open = true;
	network.now_us += 2 * network.latency_us;
	step(STEP_US);
	network.handler.on_connect(network.handler.context, false);
	return DESCRIPTOR;
}

int
socket_wait(int fd, short events, int64_t deadline_ms, const char *peer,
    const char *doing, struct error *err)
{
	int64_t event_us;

	(void)fd;
	step(STEP_US);
	if (is_ready(events))
		return 0;
	event_us = next_event_us(events);
	if (event_us <= deadline_ms * 1000) {
		network.now_us = event_us;
		return 0;
	}
	network_sleep_until(deadline_ms);
	return error_set(err, ERROR_TEMPORARY,
	    "%s: waiting for %s took too long", peer, doing);
}

/* Every call takes time, so that a loop without end is noticed. */
static void
step(int64_t cost_us)
{
	const char *violation = NULL;

	network.now_us += cost_us;
	network.steps++;
	if (!is_reading() || network.unread.len == 0)
		;
	else if (network.is_open) {
		struct buf heard = network.unread;

		buf_init(&network.unread, INCOMING_MAX);
		hear(heard.data, heard.len);
		buf_done(&heard);
	}
	if (network.now_us > network.limit_us)
		violation = "still runs after the deadline";
	else if (network.steps > STEPS_MAX)
		violation = "does not end";
	if (violation == NULL || network.is_over)
		return;
	network.is_over = true;
	network.handler.on_violation(network.handler.violation_context,
	    violation);
}

/* Returns whether something fails, as often as a reply divided by divisor. */
static bool
deviates(uint32_t divisor)
{
	bool result = seed_chance(network.seed, network.deviations / divisor);

	network.has_deviated |= result;
	return result;
}

static void
add_arrival(size_t len, bool reset, int64_t delay_ms)
{
	int64_t at_us = network.now_us + 2 * network.latency_us +
	    (network.pause_ms + delay_ms) * 1000;

	if (network.end == ARRIVALS_MAX)
		return;
	if (network.end > 0 && network.arrival[network.end - 1].at_us > at_us)
		at_us = network.arrival[network.end - 1].at_us;
	network.arrival[network.end++] =
	    (struct arrival){.at_us = at_us, .len = len, .reset = reset};
}

static bool
has_arrived(void)
{
	return network.first < network.end &&
	    network.arrival[network.first].at_us <= network.now_us;
}

static bool
is_flooded(void)
{
	return network.flood != NETWORK_FLOOD_NONE &&
	    network.first == network.end &&
	    (network.is_tls || network.flood != NETWORK_FLOOD_EMPTY_RECORDS);
}

static bool
is_reading(void)
{
	return network.reads_at_us <= network.now_us;
}

static bool
is_ready(short events)
{
	if ((events & POLLIN) != 0 &&
	    (has_arrived() || is_flooded() || network.handshake_is_busy))
		return true;
	return (events & POLLOUT) != 0 && (is_reading() || network.room > 0);
}

static int64_t
next_event_us(short events)
{
	int64_t event_us = (int64_t)NEVER_S * 1000000;

	if ((events & POLLIN) != 0 && network.first < network.end)
		event_us = network.arrival[network.first].at_us;
	if ((events & POLLIN) != 0 && network.handshake_us > network.now_us &&
	    network.handshake_us < event_us)
		event_us = network.handshake_us;
	if ((events & POLLOUT) != 0 && network.reads_at_us > network.now_us &&
	    network.reads_at_us < event_us)
		event_us = network.reads_at_us;
	return event_us;
}

static void
hear(const char *bytes, size_t len)
{
	network.handler.on_bytes(network.handler.context, bytes, len);
}
