/* SPDX-License-Identifier: MIT */
#ifndef CLI_PROVIDER_FIND_H
#define CLI_PROVIDER_FIND_H

/* The option --find of the command providers. */

#include "base/error.h"
#include "cli/options.h"

/*
 * Prints which server login would use for the address options->find, how it is
 * known, and everything else that was asked. Returns the exit status, EX_CONFIG
 * if no server is found, or -1 with an error that is still to be reported.
 * Doesn't sign in.
 */
int provider_find(struct options *options, struct error *err);

#endif
