/* SPDX-License-Identifier: MIT */
#ifndef SMTP_MECHANISM_CHOICE_H
#define SMTP_MECHANISM_CHOICE_H

/* Which mechanisms may be used, and in what order. smtp/auth.h has what the
 * rest of the program asks. */

#include <stddef.h>

#include "base/error.h"
#include "smtp/extensions.h"
#include "smtp/params.h"
#include "smtp/sasl.h"

/* Returns the mechanism at that place, or NULL after the last. */
const struct sasl_mechanism *
mechanism_choice_candidate(const struct smtp_params *params, size_t place);

/* Returns the next usable mechanism after that place and sets *place to its
 * place, or NULL. */
const struct sasl_mechanism *
mechanism_choice_next(const struct smtp_params *params,
    const struct smtp_extensions *extensions, size_t *place);

/* Says why nothing can be used. Always returns -1. */
int mechanism_choice_explain(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct error *err);

#endif
