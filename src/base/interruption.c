/* SPDX-License-Identifier: MIT */
/*
 * Blocks the signals except while it waits, so that none can arrive between a
 * look at the flag and the wait.
 */
#include "base/interruption.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "base/clock.h"

static const struct {
	int number;
	const char *name;
} signals[] = {{SIGHUP, "SIGHUP"}, {SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}};

enum {
	SIGNAL_COUNT = sizeof signals / sizeof *signals
};

static volatile sig_atomic_t signal_caught;

static void interruption_on_signal(int number);
static void exchange_handlers(void (*before)(int), void (*after)(int));
static void change_mask(int how);

void
interruption_hold(void)
{
	change_mask(SIG_BLOCK);
	exchange_handlers(SIG_DFL, interruption_on_signal);
}

void
interruption_release(void)
{
	exchange_handlers(interruption_on_signal, SIG_DFL);
	change_mask(SIG_UNBLOCK);
}

int
interruption_caught(void)
{
	if (signal_caught == 0)
		interruption_poll(NULL, 0, 0);
	return signal_caught;
}

const char *
interruption_name(void)
{
	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		if (signals[i].number == signal_caught)
			return signals[i].name;
	}
	return "";
}

int
interruption_poll(struct pollfd *ready, unsigned count, int timeout_ms)
{
	struct timespec timeout = {.tv_sec = timeout_ms / 1000,
	    .tv_nsec = (long)(timeout_ms % 1000) * 1000000};
	sigset_t mask;

	if (signal_caught != 0)
		timeout = (struct timespec){0};
	pthread_sigmask(SIG_BLOCK, NULL, &mask);
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		sigdelset(&mask, signals[i].number);
	return ppoll(ready, count, &timeout, &mask);
}

void
interruption_sleep_until(int64_t deadline_ms)
{
	int left_ms;

	while (signal_caught == 0 && (left_ms = clock_left_ms(deadline_ms)) > 0)
		interruption_poll(NULL, 0, left_ms);
}

void
interruption_die(int number)
{
	signal(number, SIG_DFL);
	change_mask(SIG_UNBLOCK);
	raise(number);
}

static void
interruption_on_signal(int number)
{
	signal_caught = number;
}

/* Leaves other handlers alone. */
static void
exchange_handlers(void (*before)(int), void (*after)(int))
{
	struct sigaction action = {.sa_handler = after};
	struct sigaction present;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		sigaction(signals[i].number, NULL, &present);
		if (present.sa_handler == before)
			sigaction(signals[i].number, &action, NULL);
	}
}

static void
change_mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		sigaddset(&set, signals[i].number);
	pthread_sigmask(how, &set, NULL);
}
