/* SPDX-License-Identifier: MIT */
#ifndef CLI_SERVE_H
#define CLI_SERVE_H

/* sendmail -bs: an SMTP server on standard input and output. */

#include "cli/options.h"

/* Serves one client; returns the exit status. */
int serve(const struct options *options);

#endif
