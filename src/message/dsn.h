/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_DSN_H
#define MESSAGE_DSN_H

/*
 * Converts the arguments of -N, -R and -V, which request delivery status
 * notifications (RFC 3461), to the values of NOTIFY, RET and ENVID. Each
 * function returns a new string that the caller frees, or NULL: ERROR_USAGE if
 * the argument is invalid.
 */

#include "base/error.h"

/* -N: "never", or any of "success", "failure" and "delay", separated by commas.
 */
char *dsn_notify(const char *text, struct error *err);

/* -R: "full" or "hdrs". */
char *dsn_return(const char *text, struct error *err);

/* -V: printable ASCII of at most 100 bytes when encoded as xtext. */
char *dsn_envelope_id(const char *text, struct error *err);

#endif
