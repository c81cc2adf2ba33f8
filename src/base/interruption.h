/* SPDX-License-Identifier: MIT */
#ifndef BASE_INTERRUPTION_H
#define BASE_INTERRUPTION_H

/*
 * Delays SIGHUP, SIGINT and SIGTERM while the process does something that it
 * must report. Such a signal ends waiting, not the process. One that was
 * ignored when the program started stays ignored.
 */

#include <poll.h>
#include <stdint.h>

enum {
	/* Plus the number of a signal: its exit status, as a shell says. */
	INTERRUPTION_STATUS = 128
};

/* Delays the signals until interruption_release. */
void interruption_hold(void);

/* Restores their effect: one that is pending ends the process. */
void interruption_release(void);

/* Returns the signal that has arrived while they were delayed, or 0. */
int interruption_caught(void);

/* Returns its name, or "" if there is none. */
const char *interruption_name(void);

/*
 * Like poll(2), but does not wait once a delayed signal has arrived, however
 * shortly before the call. Descriptors that are ready are still reported.
 */
int interruption_poll(struct pollfd *ready, unsigned count, int timeout_ms);

/* Sleeps until the deadline, or until a delayed signal has arrived. */
void interruption_sleep_until(int64_t deadline_ms);

/* Ends the process by a signal, as if it had not been delayed. */
void interruption_die(int number);

#endif
