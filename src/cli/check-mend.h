/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHECK_MEND_H
#define CLI_CHECK_MEND_H

/* The commands that mend what a check finds. */

#include "base/error.h"
#include "cli/check-advice.h"
#include "cli/check-network.h"
#include "config/account.h"
#include "submit/route.h"

/*
 * Writes the command that sets one setting of the account: for a block of the
 * configuration "postrider config set work.port 465", else the option
 * "--port=465".
 */
void check_mend_setting(const struct account *account, const char *name,
    const char *value, char out[CHECK_COMMAND_SIZE]);

/* The same for port and TLS mode. */
void check_mend_port(const struct account *account,
    const struct check_port *port, char out[CHECK_COMMAND_SIZE]);

/* Replaces the topic of a hint by the command that sets the setting, if its
 * value is known. */
void check_mend_topic(const struct account *account, struct error *err);

/* Improves a hint by what the check knows: subject is the name in the
 * certificate, or "". */
void check_mend_cause(const struct account *account, const char *subject,
    struct error *err);

/* Suggests the server of a known provider for a host name that is not found. */
void check_mend_host(const struct route *route, struct error *err);

/* Gives a session that could not begin the hint that follows from the other
 * ports. */
void check_mend_failure(const struct account *account,
    const struct check_ports *ports, struct error *err);

#endif
