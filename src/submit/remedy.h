/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_REMEDY_H
#define SUBMIT_REMEDY_H

/*
 * Chooses what the user can do about a failure, from its cause and from what is
 * known of the account and the provider.
 */

#include "base/buf.h"
#include "submit/evidence.h"

/*
 * Writes to an empty buffer the first remedy of remedies.conf for the cause
 * whose conditions hold and whose marks have values. Returns 0; or -1 if there
 * is none.
 */
int remedy_find(const struct evidence *evidence, const struct cause *cause,
    struct buf *out);

/*
 * Writes the hint to an empty buffer, with its marks, such as "{user}",
 * replaced. Returns 0; or -1 if a mark has no value here: out is then empty.
 */
int remedy_expand(const struct evidence *evidence,
    const struct rule_value *hint, struct buf *out);

#endif
