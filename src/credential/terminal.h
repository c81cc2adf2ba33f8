/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_TERMINAL_H
#define CREDENTIAL_TERMINAL_H

/* Asking a person on the terminal, whatever stdin and stdout are. */

#include <stdbool.h>

#include "base/error.h"
#include "base/secret.h"

/*
 * Writes the question to /dev/tty and adds the line typed to answer, which may
 * stay empty. Unless it is shown, echo is off meanwhile, and back on whatever
 * signal ends or stops the process. ERROR_INPUT when there is no terminal;
 * ERROR_AUTH when the question was interrupted.
 */
int terminal_ask(const char *question, bool is_shown, struct secret *answer,
    struct error *err);

#endif
