/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_HOLD_LOG_H
#define QUEUE_HOLD_LOG_H

/* The log of a message whose client has ended before it could write it. */

#include "submit/held-session.h"

/* Logs what has become of the transaction, of the message in a file. */
void hold_log(const struct held_session *held,
    const struct smtp_transaction *transaction, int message_fd);

#endif
