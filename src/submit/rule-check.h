/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_RULE_CHECK_H
#define SUBMIT_RULE_CHECK_H

/* Finds mistakes in the rules of users that would only keep a rule from ever
 * applying, such as a misspelt step. */

#include "base/error.h"
#include "submit/rule.h"
#include "submit/vocabulary.h"

/* Checks the values of the rule that was just read. Returns 0; or -1 with
 * ERROR_CONFIG, which names file and line. */
int rule_check(const struct rule *rule, const struct rule_reader *reader,
    const struct vocabulary *vocabulary, struct error *err);

#endif
