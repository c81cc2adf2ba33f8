/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_SIGNAL_GUARD_H
#define KEEPER_SIGNAL_GUARD_H

/*
 * Keeps signals from ending the program between the request that spends a
 * refresh token and the storing of the new one: a Ctrl-C there would sign the
 * person out.
 */

#include <signal.h>

enum {
	SIGNAL_GUARD_COUNT = 4
};

struct signal_guard {
	struct sigaction before[SIGNAL_GUARD_COUNT];
};

/* Ignores SIGINT, SIGTERM, SIGHUP and SIGQUIT until signal_guard_end: in all
 * threads, and in the programs that are started meanwhile. */
void signal_guard_start(struct signal_guard *guard);
void signal_guard_end(const struct signal_guard *guard);

#endif
