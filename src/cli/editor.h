/* SPDX-License-Identifier: MIT */
#ifndef CLI_EDITOR_H
#define CLI_EDITOR_H

/* Starts the user's editor. */

#include "base/error.h"

/*
 * Runs $VISUAL, else $EDITOR, else vi on the file, by a shell, so that the
 * variable may have options, and waits until it has ended. Meanwhile this
 * process ignores Ctrl-C. ERROR_SYSTEM if the editor cannot be started or
 * fails; ERROR_USAGE if there is only vi, and no terminal.
 */
int editor_run(const char *path, struct error *err);

#endif
