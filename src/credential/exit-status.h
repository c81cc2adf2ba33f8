/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_EXIT_STATUS_H
#define CREDENTIAL_EXIT_STATUS_H

/*
 * How postrider-credential and postrider-oauth2 report an error to the program
 * that started them: lines on standard error, and an exit status of sysexits.h
 * or the one below. EX_TEMPFAIL means that the keyring can't answer, and that
 * trying again soon won't help.
 */

#include "base/error.h"

enum {
	/* The token endpoint can't be reached or is busy; a retry may succeed.
	 * Not used by sysexits.h. */
	CREDENTIAL_EXIT_TRY_AGAIN = 79,
	/* The same, but not within minutes. */
	CREDENTIAL_EXIT_LATER = 80
};

/* Writes "PROGRAM: message", "hint: ..." and "cause: ..." to standard error.
 * Returns the exit status that the program must end with. */
int credential_exit_report(const char *program, const struct error *err);

/* Writes "warning: message" and "hint: ..." to standard error, for a request
 * that succeeds nevertheless. */
void credential_exit_warn(const struct error *warning);

/* Returns the error code for the exit status of a helper program; ERROR_KEYRING
 * for an unknown status. */
enum error_code credential_exit_code(int status);

#endif
