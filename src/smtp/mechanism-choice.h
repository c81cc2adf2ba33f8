/* SPDX-License-Identifier: MIT */
#ifndef SMTP_MECHANISM_CHOICE_H
#define SMTP_MECHANISM_CHOICE_H

/* Which mechanisms may be used, and in what order. For this layer only; others
 * use smtp/auth.h. */

#include <stddef.h>

#include "base/error.h"
#include "smtp/extensions.h"
#include "smtp/params.h"
#include "smtp/sasl.h"

/* Returns the mechanism at a place in the order of preference, or NULL after
 * the last. */
const struct sasl_mechanism *
mechanism_choice_candidate(const struct smtp_params *params, size_t place);

/* Returns the first mechanism from *place on that can be used and sets *place
 * to its place, or returns NULL. */
const struct sasl_mechanism *
mechanism_choice_next(const struct smtp_params *params,
    const struct smtp_extensions *extensions, size_t *place);

/* Explains why no mechanism can be used. Always returns -1. */
int mechanism_choice_explain(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct error *err);

#endif
