/* SPDX-License-Identifier: MIT */
#ifndef CLI_HELP_H
#define CLI_HELP_H

/*
 * Prints help on standard output, made from the tables of commands, options
 * and settings. It is wrapped to the terminal, or to 80 columns in a file.
 */

#include "cli/verbs.h"

/* The commands and the most common options, on one screen. */
void help_print_summary(void);

/* One command: its usage, description, options and examples. */
void help_print_verb(const struct verb *verb);

/* All options and settings. */
void help_print_options(void);

#endif
