/* SPDX-License-Identifier: MIT */
/*
 * Remembers when the last messages were passed on: as many as a minute may
 * have.
 */
#include "queue/hold-pace.h"

enum {
	MINUTE_MS = 60000
};

void
hold_pace_init(struct hold_pace *pace, unsigned limit)
{
	*pace = (struct hold_pace){.limit = limit <= HOLD_PACE_MAX ? limit : 0};
	for (size_t i = 0; i < HOLD_PACE_MAX; i++)
		pace->passed_ms[i] = INT64_MIN / 2;
}

int64_t
hold_pace_next_ms(const struct hold_pace *pace, int64_t now_ms)
{
	int64_t next_ms;

	if (pace->limit == 0)
		return 0;
	next_ms = pace->passed_ms[pace->next] + MINUTE_MS;
	return next_ms > now_ms ? next_ms : 0;
}

void
hold_pace_count(struct hold_pace *pace, int64_t now_ms)
{
	if (pace->limit == 0)
		return;
	pace->passed_ms[pace->next] = now_ms;
	pace->next = (pace->next + 1) % pace->limit;
}
