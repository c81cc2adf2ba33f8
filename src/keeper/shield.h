/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_SHIELD_H
#define KEEPER_SHIELD_H

/*
 * Against being ended in the wrong moment. Between the request that spends a
 * refresh token and the storing of the new one, a Ctrl-C would sign the person
 * out.
 */

#include <signal.h>

enum {
	SHIELD_SIGNAL_COUNT = 4
};

struct shield {
	struct sigaction before[SHIELD_SIGNAL_COUNT];
};

/* Ignores SIGINT, SIGTERM, SIGHUP and SIGQUIT, in all threads, until it is
 * lowered. */
void shield_raise(struct shield *shield);
void shield_lower(const struct shield *shield);

#endif
