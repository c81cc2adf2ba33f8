/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_OUTCOME_H
#define SUBMIT_OUTCOME_H

/* What a recipient's outcome tells the user. For this layer only. */

#include "base/error.h"
#include "submit/attempt.h"
#include "submit/delivery.h"

/*
 * Adds cause and hint to the outcome of a recipient: how to find out whether a
 * message arrived whose reply was lost, else as attempt_diagnose. Does nothing
 * to ERROR_NONE.
 */
void outcome_explain(struct error *outcome, const struct delivery *delivery,
    struct attempt *attempt);

#endif
