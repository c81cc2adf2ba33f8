/* SPDX-License-Identifier: MIT */
/*
 * Sums up the outcomes of a delivery's recipients.
 */
#include <string.h>

#include "base/interruption.h"
#include "submit/delivery.h"

static int severity(const struct error *outcome);

const struct error *
delivery_worst(const struct delivery *delivery)
{
	const struct error *worst = &delivery->recipient[0].outcome;

	for (size_t i = 1; i < delivery->recipient_count; i++) {
		const struct error *outcome = &delivery->recipient[i].outcome;

		if (severity(outcome) > severity(worst))
			worst = outcome;
	}
	return worst;
}

int
delivery_exit_status(const struct delivery *delivery)
{
	return delivery->signal_number != 0
	    ? INTERRUPTION_STATUS + delivery->signal_number
	    : error_exit_status(delivery_worst(delivery)->code);
}

bool
delivery_has_several_errors(const struct delivery *delivery)
{
	const struct error *first = &delivery->recipient[0].outcome;

	for (size_t i = 1; i < delivery->recipient_count; i++) {
		if (strcmp(delivery->recipient[i].outcome.message,
			first->message) != 0)
			return true;
	}
	return false;
}

size_t
delivery_count(const struct delivery *delivery, enum error_code code)
{
	size_t count = 0;

	for (size_t i = 0; i < delivery->recipient_count; i++)
		count += delivery->recipient[i].outcome.code == code;
	return count;
}

static int
severity(const struct error *outcome)
{
	if (outcome->code == ERROR_NONE || outcome->code == ERROR_QUEUED)
		return outcome->code == ERROR_NONE ? 0 : 1;
	if (error_is_temporary(outcome->code))
		return 2;
	if (outcome->code == ERROR_AMBIGUOUS)
		return 3;
	return outcome->code == ERROR_NO_USER ? 4 : 5;
}
