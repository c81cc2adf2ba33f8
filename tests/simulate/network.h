/* SPDX-License-Identifier: MIT */
#ifndef TESTS_NETWORK_H
#define TESTS_NETWORK_H

/*
 * A simulated network and clock, so that the session runs unchanged and a
 * minute takes no time. There is one connection at a time. replaced.c makes the
 * session use it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seed.h"

enum {
	NETWORK_DESCRIPTOR = 1000000 /* of the only connection */
};

/* What arrives at the client. */
enum network_event {
	NETWORK_BYTES,
	NETWORK_NOTHING, /* the socket is readable, but yields no data: an empty
			    or incomplete TLS record */
	NETWORK_END,
	NETWORK_RESET
};

/* What arrives for ever once all other events have. */
enum network_flood {
	NETWORK_FLOOD_NONE,
	NETWORK_FLOOD_LINE,   /* a line without end */
	NETWORK_FLOOD_LINES,  /* a reply without end */
	NETWORK_FLOOD_NOTHING /* as NETWORK_NOTHING */
};

/* The server's side of the connection. */
struct network_peer {
	void (*on_connect)(void *context);
	void (*on_handshake)(void *context);
	void (*on_bytes)(void *context, const char *bytes, size_t len);
	/* The client has received all bytes of network_reply, which had arrived
	   at that time. */
	void (*on_received)(void *context, unsigned mark, int64_t arrived_us);
	void (*on_close)(void *context);
	void *context;
};

/*
 * Starts a run at time 0. deviations: of a thousand events of the network, how
 * many fail. peer is copied. It is a violation if the run goes on after
 * limit_ms.
 */
void network_init(struct seed *seed, uint32_t deviations,
    const struct network_peer *peer);
void network_set_limit(int64_t limit_ms);

/* The simulated time. */
int64_t network_now_us(void);
int64_t network_now_ms(void);
void network_sleep_until(int64_t time_ms);

/* For the server: the client receives these bytes delay_us later, and after
 * everything that was sent before. */
void network_reply(const char *bytes, size_t len, int64_t delay_us,
    unsigned mark);
void network_add(enum network_event event, int64_t delay_us);
void network_set_flood(enum network_flood flood);

/* The server reads nothing until time_us; until then there is room for so many
 * bytes. */
void network_stop_reading(size_t room, int64_t time_us);

/* When the client wrote what the server hears now. */
int64_t network_sent_us(void);

/* For the client. Returns false if connecting takes too long or fails. */
bool network_connect(int64_t deadline_ms);
void network_close(void);

/* 1: done; 0: in progress; -1: failed. */
int network_handshake(void);

/* As send(2) and recv(2), without blocking. */
long network_send(const char *bytes, size_t len);
long network_receive(char *out, size_t len);

/* As poll(2). Returns false at the deadline. */
bool network_wait(short events, int64_t deadline_ms);

/* Returns whether part of a record was received and the rest was not. */
bool network_has_pending(void);

#endif
