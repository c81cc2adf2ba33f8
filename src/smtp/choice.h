/* SPDX-License-Identifier: MIT */
#ifndef SMTP_CHOICE_H
#define SMTP_CHOICE_H

/* Which mechanisms may be used, and in what order. smtp/auth.h has what the
 * rest of the program asks. */

#include <stddef.h>

#include "base/error.h"
#include "smtp/extensions.h"
#include "smtp/params.h"
#include "smtp/sasl.h"

/* The mechanism that is looked at in that place, or NULL behind the last. */
const struct sasl_mechanism *choice_candidate(const struct smtp_params *params,
    size_t place);

/* The next in the order behind that place that can be used, or NULL; *place
 * becomes its place. */
const struct sasl_mechanism *choice_next(const struct smtp_params *params,
    const struct smtp_extensions *extensions, size_t *place);

/* Says why nothing can be used. Always returns -1. */
int choice_explain(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct error *err);

#endif
