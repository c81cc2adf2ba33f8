/* SPDX-License-Identifier: MIT */
#ifndef TESTS_KEPT_H
#define TESTS_KEPT_H

/* Several deliveries in one session that is kept (submit/held-session.h), as a
 * queue makes them. */

#include "submit/delivery.h"

#include "choices.h"
#include "output.h"

enum {
	KEPT_DELIVERIES_MAX = 4
};

/* Sends the message of delivery, which is initialised, to groups of its
 * recipients, and sets their outcomes. */
void kept_run(const struct choices *choices, const struct output *output,
    struct delivery *delivery);

#endif
