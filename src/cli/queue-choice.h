/* SPDX-License-Identifier: MIT */
#ifndef CLI_QUEUE_CHOICE_H
#define CLI_QUEUE_CHOICE_H

/* Whether a message is queued. */

#include "cli/options.h"
#include "config/account.h"

enum queue_choice {
	QUEUE_NEVER,
	QUEUE_ALWAYS, /* and sent in the background at once */
	QUEUE_ONLY    /* until somebody runs the queue */
};

/* By --wait, else by -odq and -odi, else by the account's setting. */
enum queue_choice queue_choose(const struct options *options,
    const struct account *account);

#endif
