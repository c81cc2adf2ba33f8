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
	/* After the last of sysexits.h: the token endpoint can't be reached,
	 * or is busy. The same question may be answered when it is asked
	 * again. */
	CREDENTIAL_EXIT_TRY_AGAIN = 79
};

/* Writes "PROGRAM: message" and "hint: ..." to standard error. Returns the exit
 * status that the program must end with. */
int credential_exit_report(const char *program, const struct error *err);

/* Writes "warning: message" and "hint: ..." to standard error, for a request
 * that succeeds nevertheless. */
void credential_exit_warn(const struct error *warning);

/* The error that such an exit status stands for; ERROR_KEYRING for any other
 * status. */
enum error_code credential_exit_code(int status);

#endif
