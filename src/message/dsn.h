/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_DSN_H
#define MESSAGE_DSN_H

/*
 * Wishes about delivery reports (RFC 3461), from the words of -N, -R and -V to
 * what follows NOTIFY=, RET= and ENVID=. Bad words are ERROR_USAGE; the texts
 * are new, the caller frees; NULL on failure.
 */

#include "base/error.h"

/* -N: never, or any of success, failure, delay with commas between. */
char *dsn_notify(const char *text, struct error *err);

/* -R: full or hdrs. */
char *dsn_return(const char *text, struct error *err);

/* -V: printable ASCII, as xtext at most 100 bytes. */
char *dsn_envelope_id(const char *text, struct error *err);

#endif
