/* SPDX-License-Identifier: MIT */
/*
 * Divides many recipients into transactions that the server accepts. The first
 * one names all of them, because few servers announce their limit.
 */
#include "submit/recipient-batch.h"

#include <string.h>

size_t
recipient_batch_begin(struct recipient_batch *batch, size_t pending)
{
	batch->tried =
	    batch->limit > 0 && batch->limit < pending ? batch->limit : pending;
	batch->accepted = 0;
	return batch->tried;
}

void
recipient_batch_count(struct recipient_batch *batch,
    const struct smtp_recipient *recipient)
{
	for (size_t i = 0; i < batch->tried; i++)
		batch->accepted += recipient[i].outcome.code == ERROR_NONE;
}

bool
recipient_batch_may_follow(const struct recipient_batch *batch,
    const struct error *outcome)
{
	return batch->accepted > 0 && outcome->code != ERROR_NONE &&
	    outcome->cause != NULL &&
	    strcmp(outcome->cause, "too-many-recipients") == 0;
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
	if (next > 0 && (batch->limit == 0 || batch->accepted < batch->limit))
		batch->limit = batch->accepted;
	return next > 0;
}
