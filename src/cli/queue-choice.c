/* SPDX-License-Identifier: MIT */
/*
 * Decides by the options and the account. Queues nothing itself.
 */
#include "cli/queue-choice.h"

enum queue_choice
queue_choose(const struct options *options, const struct account *account)
{
	if (options->waits)
		return QUEUE_NEVER;
	if (options->delivery_mode == 'q')
		return QUEUE_ONLY;
	return account_is(account, SETTING_QUEUE, "always") &&
		options->delivery_mode != 'i'
	    ? QUEUE_ALWAYS
	    : QUEUE_NEVER;
}
