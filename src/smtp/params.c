/* SPDX-License-Identifier: MIT */
/*
 * Computes the deadline of a command from the parameters of the session.
 */
#include "smtp/params.h"

#include "base/clock.h"

int64_t
smtp_params_deadline(const struct smtp_params *params)
{
	return clock_earlier_ms(params->deadline_ms,
	    clock_now_ms() + params->timeout_ms);
}
