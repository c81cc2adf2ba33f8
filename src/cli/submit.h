/* SPDX-License-Identifier: MIT */
#ifndef CLI_SUBMIT_H
#define CLI_SUBMIT_H

/* One message from standard input to the provider. */

#include "cli/options.h"

/* Runs the whole submission and reports; returns the exit status. */
int submit(const struct options *options);

#endif
