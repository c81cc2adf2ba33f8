/* SPDX-License-Identifier: MIT */
#ifndef SMTP_QUIT_H
#define SMTP_QUIT_H

#include "smtp/transaction.h"

/* Sends QUIT and awaits the reply for a moment, so that the server doesn't
 * count the session any more. It can't be used afterwards, only closed. */
void smtp_quit(struct smtp_channel *channel);

#endif
