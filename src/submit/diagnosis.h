/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_DIAGNOSIS_H
#define SUBMIT_DIAGNOSIS_H

/*
 * Hints for replies of mail servers. The rules are in diagnoses.conf: one reply
 * code may have several meanings, even at one provider, so a rule may depend on
 * the text of the reply.
 */

#include "base/error.h"
#include "submit/route.h"

/*
 * Adds a hint to an error that was caused by a server's reply, and corrects its
 * code where a retry can, or cannot, help. Leaves other errors unchanged.
 */
void diagnose(struct error *err, const struct route *route);

#endif
