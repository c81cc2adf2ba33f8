/* SPDX-License-Identifier: MIT */
#ifndef CLI_QUEUE_CHOICE_H
#define CLI_QUEUE_CHOICE_H

/* Whether a message is queued. */

#include <stdbool.h>

#include "cli/options.h"
#include "config/account.h"

enum queue_choice {
	QUEUE_NEVER,
	QUEUE_ON_FAILURE,
	QUEUE_ALWAYS, /* and sent in the background at once */
	QUEUE_ONLY    /* until somebody runs the queue */
};

/*
 * By --wait, else by -odq, else by the account's setting; without that,
 * programs that call sendmail rely on it, and people rely on errors. -odi rules
 * out only QUEUE_ALWAYS: cronie and anacron use it, and ignore a failure.
 */
enum queue_choice queue_choose(const struct options *options,
    const struct account *account);

/* Whether a message is queued on failure unless its account says otherwise. */
bool queue_is_default(const struct options *options);

#endif
