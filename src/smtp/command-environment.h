/* SPDX-License-Identifier: MIT */
#ifndef SMTP_COMMAND_ENVIRONMENT_H
#define SMTP_COMMAND_ENVIRONMENT_H

/* The environment of the program of a custom mechanism. */

#include "base/error.h"
#include "smtp/params.h"

/*
 * Returns a copy of the environment for words_free, without POSTRIDER_PASSWORD,
 * and with POSTRIDER_SECRET_FD and those of POSTRIDER_SASL_USER, _AUTHZID,
 * _HOST, _PORT and _MECHANISM that have a value. NULL when out of memory.
 */
char **command_environment_new(const struct smtp_params *params,
    struct error *err);

#endif
