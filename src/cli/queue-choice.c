/* SPDX-License-Identifier: MIT */
/*
 * Decides by the options and the account. Queues nothing itself.
 */
#include "cli/queue-choice.h"

enum queue_choice
queue_choose(const struct options *options, const struct account *account)
{
	bool is_always = account_is(account, SETTING_QUEUE, "always");
	bool is_on_failure = account->text[SETTING_QUEUE] == NULL
	    ? queue_is_default(options)
	    : account_is(account, SETTING_QUEUE, "on-failure");

	if (options->waits)
		return QUEUE_NEVER;
	if (options->delivery_mode == 'q')
		return QUEUE_ONLY;
	if (is_always && options->delivery_mode != 'i')
		return QUEUE_ALWAYS;
	return is_on_failure || is_always ? QUEUE_ON_FAILURE : QUEUE_NEVER;
}

/* -bs is an interface of sendmail, whatever the name. */
bool
queue_is_default(const struct options *options)
{
	return !options->waits &&
	    (options->as_sendmail || options->mode == OPTIONS_SERVE);
}
