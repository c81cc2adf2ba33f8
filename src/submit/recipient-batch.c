/* SPDX-License-Identifier: MIT */
/*
 * Divides many recipients into transactions that the server accepts. The first
 * one names all of them, because few servers announce their limit, but no more
 * than Postfix accepts: it ends the session if far too many follow.
 */
#include "submit/recipient-batch.h"

#include <string.h>

enum {
	BATCH_MAX = 1000
};

static const char too_many[] = "too-many-recipients";

size_t
recipient_batch_begin(struct recipient_batch *batch,
    struct smtp_recipient *recipient, size_t pending)
{
	if (batch->limit == 0 && pending > BATCH_MAX) {
		batch->limit = BATCH_MAX;
		for (size_t i = BATCH_MAX; i < pending; i++) {
			struct error *outcome = &recipient[i].outcome;

			error_set(outcome, ERROR_TEMPORARY,
			    "did not get to the recipient <%s>",
			    recipient[i].address);
			error_set_cause(outcome, too_many);
		}
	}
	batch->tried =
	    batch->limit > 0 && batch->limit < pending ? batch->limit : pending;
	batch->untried = pending - batch->tried;
	batch->accepted = 0;
	return batch->tried;
}

void
recipient_batch_count(struct recipient_batch *batch,
    struct smtp_recipient *recipient)
{
	size_t count = batch->tried + batch->untried;
	size_t failed = 0;

	for (size_t i = 0; i < batch->tried; i++)
		batch->accepted += recipient[i].outcome.code == ERROR_NONE;
	while (failed < batch->tried && recipient[failed].reply.code >= 400)
		failed++;
	if (batch->accepted > 0 || failed == batch->tried)
		return;
	for (size_t i = batch->tried; i < count; i++)
		recipient[i].outcome = recipient[failed].outcome;
	batch->tried = count;
	batch->untried = 0;
}

bool
recipient_batch_may_follow(const struct recipient_batch *batch,
    const struct error *outcome)
{
	return batch->accepted > 0 && outcome->code != ERROR_NONE &&
	    outcome->cause != NULL && strcmp(outcome->cause, too_many) == 0;
}

bool
recipient_batch_next(struct recipient_batch *batch,
    struct smtp_recipient *recipient, size_t pending)
{
	size_t next = 0;

	for (size_t i = 0; i < pending; i++) {
		struct smtp_recipient one = recipient[i];

		if (!recipient_batch_may_follow(batch, &one.outcome))
			continue;
		recipient[i] = recipient[next];
		recipient[next++] = one;
	}
	if (next > batch->untried &&
	    (batch->limit == 0 || batch->accepted < batch->limit))
		batch->limit = batch->accepted;
	return next > 0;
}
