/* SPDX-License-Identifier: MIT */
#ifndef SMTP_COMMAND_ENVIRONMENT_H
#define SMTP_COMMAND_ENVIRONMENT_H

/* What the program of a mechanism of the user's finds in its environment. */

#include "base/error.h"
#include "smtp/params.h"

/*
 * Our environment, NULL-ended, without POSTRIDER_PASSWORD and with
 * POSTRIDER_SECRET_FD and POSTRIDER_SASL_ USER, AUTHZID, HOST, PORT and
 * MECHANISM, of those what there is. NULL when out of memory.
 */
char **command_environment_new(const struct smtp_params *params,
    struct error *err);

/* Accepts NULL. */
void command_environment_free(char **environment);

#endif
