/* SPDX-License-Identifier: MIT */
#ifndef CLI_POP_FIRST_H
#define CLI_POP_FIRST_H

/*
 * POP before SMTP: the server takes mail from an address that has just signed
 * in by POP3. postrider-credential does that, for postrider speaks no POP3.
 */

#include "base/error.h"
#include "base/secret.h"
#include "cli/selection.h"
#include "config/account.h"
#include "smtp/transcript.h"

/*
 * Signs in to the account's POP3 server and out again. ERROR_AUTH: refused;
 * ERROR_SECURITY: TLS, and nothing was sent; ERROR_TEMPORARY: try again.
 */
int pop_first(const struct account *account, const struct selection *selection,
    const struct secret *secret, const struct transcript *transcript,
    struct error *err);

#endif
