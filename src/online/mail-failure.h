/* SPDX-License-Identifier: MIT */
#ifndef ONLINE_MAIL_FAILURE_H
#define ONLINE_MAIL_FAILURE_H

/* Explains failures of a session with a mail server. This header needs
 * libcurl's. */

#include "base/error.h"
#include "online/mail-session.h"

/* Sets the error for a failure that the protocol doesn't explain, with a hint
 * that names the settings of the protocol. Always returns -1. */
int mail_failure_explain(struct mail_session *session, CURLcode failure,
    struct error *err);

#endif
