/* SPDX-License-Identifier: MIT */
#ifndef CLI_QUEUE_HOLD_H
#define CLI_QUEUE_HOLD_H

/* Has the messages of an account be tried now if they wait because of a failure
 * of it, such as a refused sign-in. config_path is NULL for the usual file.
 * Failures are ignored: they are tried later then. */
void queue_release_account(const char *account, const char *config_path);

#endif
