/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the choices of a simulated submission (tests/simulate): what the
 * server does, and when. The promises that tests/README lists must hold.
 */
#include <stdio.h>

#include "../simulate/client.h"
#include "../simulate/verdict.h"
#include "fuzz.h"

static FILE *errors; /* stderr may be the client's */

void
verdict_violation(const char *format, ...)
{
	fprintf(errors, "violation: %s\n", format);
	abort();
}

bool
verdict_is_shown(void)
{
	return false;
}

void
verdict_note(const char *side, const char *format, ...)
{
	(void)side;
	(void)format;
}

void
verdict_bytes(const char *side, const char *bytes, size_t len)
{
	(void)side;
	(void)bytes;
	(void)len;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static bool is_set_up;
	struct seed seed;

	if (!is_set_up)
		errors = stderr;
	if (!is_set_up)
		client_set_up();
	is_set_up = true;
	seed_init_bytes(&seed, data, len);
	client_run(&seed);
	return 0;
}
