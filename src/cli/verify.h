/* SPDX-License-Identifier: MIT */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

/* sendmail -bv: what would be done with each recipient. */

#include "cli/options.h"

/* Prints a line for each recipient; returns the exit status. Connects to no
 * submission server. */
int verify(const struct options *options);

#endif
