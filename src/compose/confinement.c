/* SPDX-License-Identifier: MIT */
/*
 * The sandbox of postrider-compose.
 */
#include "compose/confinement.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/sandbox.h"

void
compose_confine(void)
{
	const char *home = getenv("HOME");
	const char *hidden[2] = {NULL};
	const struct sandbox_policy policy = {.hidden = hidden,
	    .denies_unix = true,
	    .denies_internet = true};
	struct sandbox sandbox;

	if (home != NULL && strspn(home, "/") < strlen(home))
		hidden[0] = home;
	sandbox_enter(&policy, &sandbox);
}
