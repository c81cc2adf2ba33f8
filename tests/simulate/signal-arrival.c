/* SPDX-License-Identifier: MIT */
/*
 * Replaces base/interruption.c. The time decides, not the seed, so that a run
 * without a signal is the same as before there were signals.
 */
#include "signal-arrival.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/interruption.h"

#include "network.h"
#include "seed.h"
#include "verdict.h"

enum {
	PER_MILLE = 50
};

static int64_t due_ms;
static bool is_caught;

void
signal_init(void)
{
	due_ms = INT64_MAX / 2;
	is_caught = false;
}

int64_t
signal_due_ms(void)
{
	return due_ms;
}

void
interruption_hold(void)
{
	static const uint32_t within_ms[] = {100, 1000, 30000, 900000};
	struct seed random;

	seed_init(&random, (uint64_t)network_now_us());
	if (!is_caught && seed_chance(&random, PER_MILLE))
		due_ms = network_now_ms() +
		    (int64_t)seed_below(&random,
			within_ms[seed_below(&random, 4)]);
}

void
interruption_release(void)
{
	due_ms = INT64_MAX / 2;
}

int
interruption_caught(void)
{
	if (!is_caught && network_now_ms() >= due_ms) {
		is_caught = true;
		verdict_note("signal", "SIGTERM");
	}
	return is_caught ? SIGTERM : 0;
}

const char *
interruption_name(void)
{
	return is_caught ? "SIGTERM" : "";
}

void
interruption_sleep_until(int64_t deadline_ms)
{
	network_sleep_until(deadline_ms < due_ms ? deadline_ms : due_ms);
}
