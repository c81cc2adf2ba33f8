/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_DIAGNOSIS_H
#define SUBMIT_DIAGNOSIS_H

/*
 * Explains failures in two steps, both by data: causes.conf says what happened
 * (base/cause.h), remedies.conf what the user can do about it. Rules of the
 * user, in the file "diagnoses" beside the configuration, take precedence.
 * Everything is read only after a failure.
 */

#include "base/error.h"
#include "submit/route.h"

/*
 * Adds the cause and a hint to an error, and corrects its code where a retry
 * can, or cannot, help. An error that has a cause keeps it unless a rule of the
 * user applies; one that no reply caused keeps the hint that it has, too.
 * sender is that of the envelope, or NULL. If the user's file can't be read or
 * has an invalid rule, which is ignored, *ret_warning says so; else its code is
 * ERROR_NONE.
 */
void diagnose(struct error *err, const struct route *route, const char *sender,
    struct error *ret_warning);

#endif
