/* SPDX-License-Identifier: MIT */
#ifndef CLI_SUBMIT_H
#define CLI_SUBMIT_H

/* Sends the message on standard input. */

#include "cli/options.h"

/* Sends and reports; returns the exit status. */
int submit(const struct options *options);

#endif
