/* SPDX-License-Identifier: MIT */
/*
 * Ignored rather than blocked: the keyring's library has threads of its own,
 * which a mask of ours wouldn't cover. What takes long meanwhile has a
 * deadline.
 */
#include "keeper/shield.h"

#include <stddef.h>

static const int signals[SHIELD_SIGNAL_COUNT] = {SIGINT, SIGTERM, SIGHUP,
    SIGQUIT};

void
shield_raise(struct shield *shield)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigemptyset(&ignore.sa_mask);
	for (size_t i = 0; i < SHIELD_SIGNAL_COUNT; i++)
		sigaction(signals[i], &ignore, &shield->before[i]);
}

void
shield_lower(const struct shield *shield)
{
	for (size_t i = 0; i < SHIELD_SIGNAL_COUNT; i++)
		sigaction(signals[i], &shield->before[i], NULL);
}
