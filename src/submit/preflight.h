/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_PREFLIGHT_H
#define SUBMIT_PREFLIGHT_H

/*
 * Looks for what the provider may refuse, before anything is sent. The findings
 * do not stop a message: the server decides. They are shown under -v, by check,
 * and when the message is then refused.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "message/envelope.h"
#include "message/message.h"
#include "submit/route.h"

enum {
	PREFLIGHT_MAX = 16,
	PREFLIGHT_TEXT_SIZE = 320,
	PREFLIGHT_VALUE_SIZE = 256
};

struct preflight {
	char finding[PREFLIGHT_MAX][PREFLIGHT_TEXT_SIZE]; /* printable */
	/* The setting of the account that mends it; name is NULL if none does.
	 */
	struct preflight_mend {
		const char *name; /* static */
		char value[PREFLIGHT_VALUE_SIZE];
	} mend[PREFLIGHT_MAX];
	size_t count;
};

/* envelope and message may be NULL: then only the account is checked. */
void preflight_run(struct preflight *preflight, const struct route *route,
    const struct envelope *envelope, const struct message *message);

/* Whether the account may send as an address: one of its own, or any if it has
 * none. */
bool preflight_may_send_as(const struct account *account, const char *address);

#endif
