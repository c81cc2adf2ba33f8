/* SPDX-License-Identifier: MIT */
/*
 * The one question that parameters answer by themselves.
 */
#include "smtp/params.h"

#include "base/clock.h"

int64_t
smtp_params_deadline(const struct smtp_params *params)
{
	return clock_earlier_ms(params->deadline_ms,
	    clock_now_ms() + params->timeout_ms);
}
