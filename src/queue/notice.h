/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_NOTICE_H
#define QUEUE_NOTICE_H

/* Tells the user on the desktop what happened in the background. */

#include "spool/spool.h"

/* A message is not sent to some recipient, and is not tried again. */
void notice_failed(const struct spool *spool, const char *id);

/* An account (spool/account-key.h) waits for the user to do something. */
void notice_account(const struct spool *spool, const char *key);

#endif
