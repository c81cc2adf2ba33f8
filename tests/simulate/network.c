/* SPDX-License-Identifier: MIT */
/*
 * Transports bytes between client and server in simulated time. Arrivals are a
 * queue in the order of time. The file-scope object is the only one, because
 * the functions that it replaces have no context.
 */
#include "network.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "verdict.h"

enum {
	ARRIVALS_MAX = 8192,
	WRITES_MAX = 1024,
	BYTES_MAX = 1 << 20,
	STEPS_MAX = 400000,
	STEP_US = 20,
	FLOOD_STEP_US = 20000
};

static const int64_t never_us = INT64_MAX / 4;

struct arrival {
	enum network_event event;
	int64_t at_us;
	size_t len;
	unsigned mark;
};

/* Bytes that the server has not read, and when the client wrote them. */
struct write {
	int64_t at_us;
	size_t len;
};

static struct network {
	struct seed *seed;
	uint32_t deviations;
	struct network_peer peer;
	int64_t now_us;
	int64_t limit_us;
	unsigned steps;
	bool is_tls;
	int64_t latency_us;

	/* To the client. */
	size_t first, end; /* arrivals that were not received */
	size_t taken;      /* bytes of the first one that were */
	size_t incoming_at, incoming_len;
	enum network_flood flood;
	size_t flood_count;

	/* To the server. */
	int64_t reads_at_us; /* it does not read before */
	size_t room;         /* until then */
	size_t unread_len;
	size_t write_count;
	int64_t sent_us; /* of what the server hears now */

	int64_t handshake_us; /* when it will be done; -1: not started */
	int handshake_result;
	bool handshake_is_busy; /* always readable */
} network;

static struct arrival arrivals[ARRIVALS_MAX];
static struct write writes[WRITES_MAX];
static char incoming[BYTES_MAX];
static char unread[BYTES_MAX];

static void network_step(int64_t cost_us);
static void network_add_write(const char *bytes, size_t len);
static void network_deliver(void);
static long network_flood_bytes(char *out, size_t len);
static bool has_arrived(size_t i);
static bool is_flooded(void);
static bool is_reading(void);
static bool is_ready(short events);
static int64_t next_event_us(short events);
static void add_arrival(struct arrival arrival, int64_t delay_us);

void
network_init(struct seed *seed, uint32_t deviations,
    const struct network_peer *peer)
{
	network = (struct network){.seed = seed,
	    .deviations = deviations,
	    .peer = *peer,
	    .limit_us = never_us};
}

void
network_set_limit(int64_t limit_ms)
{
	network.limit_us = limit_ms * 1000;
}

int64_t
network_now_us(void)
{
	return network.now_us;
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
	network_step(0);
}

void
network_reply(const char *bytes, size_t len, int64_t delay_us, unsigned mark)
{
	if (len == 0 || len > BYTES_MAX - network.incoming_len)
		return;
	memcpy(incoming + network.incoming_len, bytes, len);
	network.incoming_len += len;
	add_arrival((struct arrival){.event = NETWORK_BYTES,
			.len = len,
			.mark = mark},
	    delay_us);
}

void
network_add(enum network_event event, int64_t delay_us)
{
	add_arrival((struct arrival){.event = event}, delay_us);
}

void
network_set_flood(enum network_flood flood)
{
	network.flood = flood;
}

void
network_stop_reading(size_t room, int64_t time_us)
{
	network.room = room;
	network.reads_at_us = time_us;
}

int64_t
network_sent_us(void)
{
	return network.sent_us;
}

bool
network_connect(int64_t deadline_ms)
{
	if (seed_chance(network.seed, network.deviations / 4)) {
		if (seed_chance(network.seed, 500))
			network_sleep_until(deadline_ms);
		verdict_note("network", "refuses the connection");
		return false;
	}
	network.first = network.end = network.taken = 0;
	network.incoming_at = network.incoming_len = 0;
	network.unread_len = network.write_count = 0;
	network.flood = NETWORK_FLOOD_NONE;
	network.reads_at_us = 0;
	network.handshake_us = -1;
	network.handshake_is_busy = false;
	network.is_tls = false;
	network.latency_us = 1000 * (int64_t)seed_below(network.seed, 100);
	network.now_us += network.latency_us;
	network_step(STEP_US);
	verdict_note("network", "connects");
	network.peer.on_connect(network.peer.context);
	return true;
}

/* What is on its way reaches the server. */
void
network_close(void)
{
	network.reads_at_us = 0;
	network_deliver();
	verdict_note("client", "closes");
	network.peer.on_close(network.peer.context);
}

int
network_handshake(void)
{
	static const int results[] = {1, -1, 0};

	network_step(network.handshake_is_busy ? FLOOD_STEP_US : STEP_US);
	if (network.handshake_us == -1) {
		network.handshake_result =
		    seed_chance(network.seed, network.deviations / 2)
		    ? results[seed_below(network.seed, 3)]
		    : 1;
		network.handshake_is_busy = network.handshake_result == 0 &&
		    seed_chance(network.seed, 500);
		network.handshake_us = network.now_us + network.latency_us;
	}
	if (has_arrived(network.first)) {
		if (arrivals[network.first].event != NETWORK_NOTHING)
			return -1;
		network.first++;
	}
	if (network.now_us < network.handshake_us ||
	    network.handshake_result == 0)
		return 0;
	verdict_note("network", "TLS handshake: %s",
	    network.handshake_result == 1 ? "done" : "failed");
	if (network.handshake_result == 1) {
		network.is_tls = true;
		network.peer.on_handshake(network.peer.context);
	}
	return network.handshake_result;
}

long
network_send(const char *bytes, size_t len)
{
	size_t count = len;

	network_step(STEP_US);
	if (has_arrived(network.first) &&
	    arrivals[network.first].event == NETWORK_RESET) {
		errno = ECONNRESET;
		return -1;
	}
	if (count > 1 && seed_chance(network.seed, 10 + network.deviations / 4))
		count = 1 + seed_below(network.seed, (uint32_t)len);
	if (is_reading())
		network_deliver();
	else if (count > network.room)
		count = network.room;
	if (count > BYTES_MAX - network.unread_len)
		count = BYTES_MAX - network.unread_len;
	if (count == 0) {
		errno = EAGAIN;
		return -1;
	}
	network_add_write(bytes, count);
	if (is_reading())
		network_deliver();
	else
		network.room -= count;
	return (long)count;
}

long
network_receive(char *out, size_t len)
{
	struct arrival *arrival = &arrivals[network.first];
	size_t count;

	network_step(is_flooded() ? FLOOD_STEP_US : STEP_US);
	if (is_flooded())
		return network_flood_bytes(out, len);
	if (has_arrived(network.first) && arrival->event == NETWORK_NOTHING)
		network.first++;
	errno = EAGAIN;
	if (!has_arrived(network.first) || arrival->event == NETWORK_NOTHING)
		return -1;
	errno = ECONNRESET;
	if (arrival->event != NETWORK_BYTES)
		return arrival->event == NETWORK_RESET ? -1 : 0;
	count = arrival->len - network.taken;
	if (count > len)
		count = len;
	if (count > 1 && seed_chance(network.seed, network.deviations / 4))
		count = 1 + seed_below(network.seed, (uint32_t)count);
	memcpy(out, incoming + network.incoming_at, count);
	network.incoming_at += count;
	network.taken += count;
	if (network.taken == arrival->len) {
		network.first++;
		network.taken = 0;
		network.peer.on_received(network.peer.context, arrival->mark,
		    arrival->at_us);
	}
	return (long)count;
}

bool
network_wait(short events, int64_t deadline_ms)
{
	int64_t event_us;

	network_step(STEP_US);
	if (is_ready(events))
		return true;
	event_us = next_event_us(events);
	if (event_us <= deadline_ms * 1000) {
		network.now_us = event_us;
		network_step(0);
		return true;
	}
	network_sleep_until(deadline_ms);
	return false;
}

/* A record of TLS is received as a whole, and then handed out in parts. */
bool
network_has_pending(void)
{
	return network.is_tls && network.taken > 0;
}

/* Every call takes time, so that a loop without end is noticed. */
static void
network_step(int64_t cost_us)
{
	network.now_us += cost_us;
	network.steps++;
	if (network.now_us > network.limit_us)
		verdict_violation("still runs after the deadline");
	if (network.steps > STEPS_MAX)
		verdict_violation("does not end");
	if (is_reading())
		network_deliver();
}

static void
network_add_write(const char *bytes, size_t len)
{
	memcpy(unread + network.unread_len, bytes, len);
	network.unread_len += len;
	if (network.write_count < WRITES_MAX)
		writes[network.write_count++] =
		    (struct write){.at_us = network.now_us, .len = len};
	else
		writes[WRITES_MAX - 1].len += len;
}

static void
network_deliver(void)
{
	size_t count = network.write_count;
	size_t at = 0;

	network.write_count = network.unread_len = 0;
	for (size_t i = 0; i < count; i++) {
		network.sent_us = writes[i].at_us;
		network.peer.on_bytes(network.peer.context, unread + at,
		    writes[i].len);
		at += writes[i].len;
	}
}

static long
network_flood_bytes(char *out, size_t len)
{
	static const char line[] = "250-and so on\r\n";

	if (network.flood == NETWORK_FLOOD_NOTHING) {
		errno = EAGAIN;
		return -1;
	}
	for (size_t i = 0; i < len; i++)
		out[i] = network.flood == NETWORK_FLOOD_LINE
		    ? 'x'
		    : line[network.flood_count++ % (sizeof line - 1)];
	return (long)len;
}

static void
add_arrival(struct arrival arrival, int64_t delay_us)
{
	if (network.end == ARRIVALS_MAX)
		return;
	arrival.at_us = network.now_us + network.latency_us + delay_us;
	if (network.end > 0 && arrivals[network.end - 1].at_us > arrival.at_us)
		arrival.at_us = arrivals[network.end - 1].at_us;
	arrivals[network.end++] = arrival;
}

static bool
has_arrived(size_t i)
{
	return i < network.end && arrivals[i].at_us <= network.now_us;
}

static bool
is_flooded(void)
{
	return network.flood != NETWORK_FLOOD_NONE &&
	    network.first == network.end;
}

static bool
is_reading(void)
{
	return network.reads_at_us <= network.now_us;
}

static bool
is_ready(short events)
{
	/* The rest of a record is no longer in the socket. */
	size_t next = network.first + network_has_pending();

	if ((events & POLLIN) != 0 &&
	    (has_arrived(next) || is_flooded() || network.handshake_is_busy))
		return true;
	return (events & POLLOUT) != 0 && (is_reading() || network.room > 0);
}

static int64_t
next_event_us(short events)
{
	size_t next = network.first + network_has_pending();
	int64_t event_us = never_us;

	if ((events & POLLIN) != 0 && next < network.end)
		event_us = arrivals[next].at_us;
	if ((events & POLLIN) != 0 && network.handshake_us > network.now_us &&
	    network.handshake_us < event_us)
		event_us = network.handshake_us;
	if ((events & POLLOUT) != 0 && network.reads_at_us > network.now_us &&
	    network.reads_at_us < event_us)
		event_us = network.reads_at_us;
	return event_us;
}
