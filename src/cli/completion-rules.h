/* SPDX-License-Identifier: MIT */
#ifndef CLI_COMPLETION_RULES_H
#define CLI_COMPLETION_RULES_H

/* Which addresses of a message are completed, by the account's settings
 * set-from, add-sender, aliases and local-recipient. */

#include "cli/submission.h"
#include "message/completion.h"

/*
 * Returns the rules for a submission that has its account; address is the
 * account's. They borrow both.
 */
struct completion_rules completion_rules(const struct submission *submission,
    const char *address);

/* The part of a request that says what local recipients stand for. Borrowed
 * from the submission. */
struct envelope_request completion_request(const struct submission *submission);

#endif
