/* SPDX-License-Identifier: MIT */
/*
 * Ignores signals rather than blocking them: the keyring's library has threads
 * of its own, which a mask of ours wouldn't cover, and postrider-oauth2
 * inherits ignored signals. All that takes long meanwhile has a deadline.
 */
#include "keeper/signal-guard.h"

#include <stddef.h>

static const int signals[SIGNAL_GUARD_COUNT] = {SIGINT, SIGTERM, SIGHUP,
    SIGQUIT};

void
signal_guard_start(struct signal_guard *guard)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigemptyset(&ignore.sa_mask);
	for (size_t i = 0; i < SIGNAL_GUARD_COUNT; i++)
		sigaction(signals[i], &ignore, &guard->before[i]);
}

void
signal_guard_end(const struct signal_guard *guard)
{
	for (size_t i = 0; i < SIGNAL_GUARD_COUNT; i++)
		sigaction(signals[i], &guard->before[i], NULL);
}
