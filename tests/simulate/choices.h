/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CHOICES_H
#define TESTS_CHOICES_H

/* What a seed chooses before the run: all that the user decides. */

#include <stdbool.h>
#include <stdint.h>

#include "report/report.h"
#include "config/account.h"
#include "message/envelope.h"
#include "submit/route.h"

#include "output.h"
#include "seed.h"
#include "server.h"
#include "truth.h"

struct choices {
	struct seed *seed;
	struct account account;
	struct server_account server_account;
	struct route route;
	struct envelope envelope;
	struct report report;
	bool is_sequence;     /* as sequence.h */
	bool is_relayed;      /* as relayed.h */
	bool is_kept;         /* as kept.h */
	bool is_queued;       /* as queued.h */
	uint32_t disk_faults; /* of a thousand calls */
	char secret[OUTPUT_SECRET_MAX];

	char *addresses[TRUTH_RECIPIENTS_MAX]; /* borrowed from truth */
	char *mechanism;
};

/* Also adds the recipients to truth. It must not be moved. */
void choices_make(struct choices *choices, struct seed *seed,
    struct truth *truth);

#endif
