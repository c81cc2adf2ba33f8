/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_FALLBACK_H
#define SUBMIT_FALLBACK_H

/* What becomes of a message that can't be sent now: somebody keeps it. Then the
 * caller need not wait for long. */

#include <stdbool.h>
#include <stdint.h>

#include "base/launcher.h"

struct fallback {
	const char *directory; /* stays writable in the sandbox */
	int64_t patience_ms;   /* for opening a session, and for retries */
	bool starts_program;   /* that sends the queue */

	/* Called in the sandbox, at the end of a delivery. launcher, which may
	   be NULL, can start the program that sends the queue
	   (submit/queue-program.h). */
	void (*keep)(void *context, struct launcher *launcher);
	void *context;
};

#endif
