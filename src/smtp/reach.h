/* SPDX-License-Identifier: MIT */
#ifndef SMTP_REACH_H
#define SMTP_REACH_H

/* Finds out which addresses of a server accept TCP connections. */

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
	REACH_MAX = 32
};

struct reach {
	struct sockaddr_storage address; /* with the port */
	socklen_t address_len;
	int failure; /* 0 if it answered, else errno; ETIMEDOUT: silence */
	int64_t ms;  /* until the answer, or the deadline */
};

/*
 * Connects to all addresses at the same time, at most REACH_MAX, and closes
 * each connection at once. Returns when each has answered, or at the deadline.
 */
void reach_all(struct reach *reach, size_t count, int64_t deadline_ms);

#endif
