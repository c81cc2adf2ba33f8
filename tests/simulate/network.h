/* SPDX-License-Identifier: MIT */
#ifndef TESTS_NETWORK_H
#define TESTS_NETWORK_H

/*
 * A simulated network and clock. network.c and clock.c replace the functions
 * that wait, connect, send and receive, so that the rest of the session runs
 * unchanged and a minute takes no time. There is one connection at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seed.h"

/* What arrives for ever once the replies are used up. */
enum network_flood {
	NETWORK_FLOOD_NONE,
	NETWORK_FLOOD_BYTES,        /* a line without end */
	NETWORK_FLOOD_LINES,        /* a reply without end */
	NETWORK_FLOOD_EMPTY_RECORDS /* TLS records that contain nothing */
};

struct network_handler {
	void (*on_connect)(void *context, bool tls);
	void (*on_handshake)(void *context);
	void (*on_bytes)(void *context, const char *bytes, size_t len);
	void *context;
	void (*on_violation)(void *context, const char *what);
	void *violation_context;
};

/* Starts a run at time 0. deviations: of a thousand events, how many fail.
 * handler is copied. No function may be called after limit_ms. */
void network_init(struct seed *seed, uint32_t deviations, int64_t limit_ms,
    const struct network_handler *handler);
void network_done(void);

/* Returns whether the network itself has failed in this run. */
bool network_has_deviated(void);

/* The simulated time. */
int64_t network_now_ms(void);
void network_sleep_until(int64_t time_ms);

/* For the server: the client receives these bytes after delay_ms, and after
 * everything that was sent before. */
void network_reply(const char *bytes, size_t len, int64_t delay_ms);

/* What is sent from now on arrives so much later. */
void network_pause(int64_t pause_ms);

/* The connection ends after all replies, by FIN or RST. */
void network_end(bool reset);

void network_set_flood(enum network_flood flood);

/* The server reads nothing until time_ms; until then there is room for so many
 * bytes. */
void network_stop_reading(size_t room, int64_t time_ms);

/* For tls.c: a handshake that goes on. 1: done; 0: in progress; -1: failed. */
int network_handshake(void);

/* As send(2) and recv(2); -1 with EAGAIN if there is no room or nothing. */
long network_send(const char *bytes, size_t len);
long network_receive(char *out, size_t len);

/* Returns whether part of a record was received and the rest was not. */
bool network_has_pending(void);

/* Returns whether the descriptor is the simulated connection. */
bool network_is(int fd);

#endif
