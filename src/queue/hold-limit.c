/* SPDX-License-Identifier: MIT */
/*
 * Recognises limits by their causes, and doubles the wait with each try.
 */
#include "queue/hold-limit.h"

#include <string.h>

#include "base/clock.h"
#include "base/interruption.h"
#include "base/jitter.h"

enum {
	WAIT_MIN_MS = 5000,
	WAIT_MAX_MS = 60000
};

static bool limit_may_be_accepted(const struct smtp_transaction *transaction);
static int64_t limit_wait_ms(unsigned tries);

bool
hold_limit_is(const struct held_session *held,
    const struct smtp_transaction *transaction, const struct error *failure)
{
	static const char *const causes[] = {"too-many-sign-ins", "rate-short",
	    "too-many-connections"};
	struct attempt attempt = held->attempt;
	struct error explained = *failure;

	if (failure->reply_code < 400 || failure->reply_code >= 500)
		return false;
	if (limit_may_be_accepted(transaction))
		return false;
	if (explained.cause == NULL)
		attempt_diagnose(&attempt, &explained);
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
		if (explained.cause != NULL &&
		    strcmp(explained.cause, causes[i]) == 0)
			return true;
	}
	return failure->reply_code == 421;
}

bool
hold_limit_has_ended(const struct held_session *held,
    const struct smtp_transaction *transaction, const struct error *failure)
{
	return error_is_temporary(failure->code) && failure->reply_code == 0 &&
	    interruption_caught() == 0 && held->session != NULL &&
	    smtp_session_channel(held->session) == NULL &&
	    !limit_may_be_accepted(transaction);
}

int64_t
hold_limit_retry_ms(const struct held_session *held, bool was_used,
    unsigned tries)
{
	const struct attempt *attempt = &held->attempt;
	int64_t now_ms = clock_now_ms();
	int64_t retry_ms =
	    now_ms + (was_used && tries == 1 ? 0 : limit_wait_ms(tries));

	if (retry_ms >= attempt->params.deadline_ms ||
	    (attempt->patience_end_ms != 0 &&
		retry_ms >= attempt->patience_end_ms))
		return 0;
	return retry_ms;
}

/* For at least one recipient. */
static bool
limit_may_be_accepted(const struct smtp_transaction *transaction)
{
	for (size_t i = 0; i < transaction->recipient_count; i++) {
		enum error_code code = transaction->recipient[i].outcome.code;

		if (code == ERROR_NONE || code == ERROR_AMBIGUOUS)
			return true;
	}
	return false;
}

static int64_t
limit_wait_ms(unsigned tries)
{
	unsigned doublings = tries > 1 ? tries - 2 : 0;
	int64_t wait_ms = (int64_t)WAIT_MIN_MS
	    << (doublings < 6 ? doublings : 6);

	return jitter_add(wait_ms < WAIT_MAX_MS ? wait_ms : WAIT_MAX_MS);
}
