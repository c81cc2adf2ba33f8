/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_OUTCOME_H
#define SUBMIT_OUTCOME_H

/* What a recipient's outcome tells the user. For this layer only. */

#include "base/error.h"
#include "submit/attempt.h"
#include "submit/delivery.h"

/* The last outcome that was explained: a refusal often is that of thousands of
 * recipients. Begins as zero. */
struct outcome_memory {
	struct error before;
	struct error after;
};

/*
 * Adds cause and hint to the outcome of a recipient: how to find out whether a
 * message arrived whose reply was lost, else as attempt_diagnose. Does nothing
 * to ERROR_NONE. memory: of the outcomes of this try, or NULL.
 */
void outcome_explain(struct error *outcome, const struct delivery *delivery,
    struct attempt *attempt, struct outcome_memory *memory);

#endif
