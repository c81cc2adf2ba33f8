/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_PROGRAM_H
#define CREDENTIAL_PROGRAM_H

/*
 * Runs a program that returns a credential. Its standard output is treated as a
 * secret; its standard error explains a failure.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/launcher.h"
#include "base/secret.h"
#include "base/spawn.h"
#include "credential/credential-message.h"

/* The beginning of a line on standard error that only extends the deadline. */
#define CREDENTIAL_PROGRAM_WAIT "wait: "

enum {
	/* The time limit from the moment that the program writes such a line,
	 * because it prompts the user. */
	CREDENTIAL_PROGRAM_PATIENCE_MS = 125 * 1000
};

struct credential_program {
	struct spawn_child child;
	int64_t start_ms;          /* of credential_program_init */
	struct buf stderr_text;    /* the end of its standard error */
	bool is_configured;        /* set by the caller: the user configured the
				      command, which may contain a password */
	int64_t final_deadline_ms; /* set by the caller: "wait: ..." on standard
				      error extends the deadline once, but not
				      past this one; 0: never */
	bool may_finish;           /* set by the caller: see SPAWN_MAY_FINISH */
	struct launcher *launcher; /* set by the caller: starts it; or NULL */
	bool only_registers; /* set by the caller: starting it registers it with
				the launcher, no more */
};

/* Initialises a struct without a program; credential_program_done accepts it.
 */
void credential_program_init(struct credential_program *program);

/*
 * Starts argv and writes the message to its standard input, which is empty if
 * input is NULL. Removes POSTRIDER_PASSWORD from the environment before. Errors
 * as spawn_start.
 */
int credential_program_start(struct credential_program *program,
    char *const argv[], const struct credential_message *input,
    struct error *err);

/* The same, but its standard input stays open as program->child.in; the caller
 * writes to it and closes it. */
int credential_program_open(struct credential_program *program,
    char *const argv[], struct error *err);

/*
 * Adds its standard output to answer, or discards it if that is NULL, and waits
 * until it has ended. ERROR_TEMPORARY at the deadline; the program is then
 * still running.
 */
int credential_program_finish(struct credential_program *program,
    int64_t deadline_ms, struct secret *answer, int *ret_status,
    struct error *err);

/* The same, but at the deadline ERROR_KEYRING and a message with the program's
 * name. */
int credential_program_await(struct credential_program *program,
    const char *name, int64_t deadline_ms, struct secret *answer,
    int *ret_status, struct error *err);

/*
 * Starts argv with our standard input and output, for a dialogue with the user;
 * if is_quiet, its standard output is our standard error. If input isn't NULL,
 * the program reads the message from SPAWN_MORE_FD and answers at
 * SPAWN_ANSWER_FD. Errors as spawn_start.
 */
int credential_program_start_interactive(struct credential_program *program,
    char *const argv[], const struct credential_message *input, bool is_quiet,
    struct error *err);

/*
 * Waits without a time limit until an interactive program has ended, and adds
 * its answer to answer, or discards it if that is NULL. Passes SIGHUP, SIGINT
 * and SIGTERM on to the program instead of ending this process; *ret_signal is
 * the number of the last one, which the caller should raise, or 0.
 */
int credential_program_wait_interactive(struct credential_program *program,
    struct secret *answer, int *ret_status, int *ret_signal, struct error *err);

/*
 * Sets err from the standard error of a program that failed: the message is its
 * line "PROGRAM: message" if it is one of our helper programs, else name and
 * its last line, else name and the exit status. The lines "hint: ..."
 * and "cause: ..." of our programs become the hint and the cause. If
 * is_configured, nothing that the program printed is shown; common failures
 * are recognised (credential/program-failure.h). Always returns -1.
 */
int credential_program_explain(const struct credential_program *program,
    const char *name, int status, enum error_code code, struct error *err);

/* Fills *ret_warning from a line "warning: message" and "hint: ..." on
 * standard error of a helper program that succeeded (credential/exit-status.h).
 * Returns false if there is none. */
bool credential_program_warning(const struct credential_program *program,
    struct error *ret_warning);

/* Ends the program if it is still running, and frees. */
void credential_program_done(struct credential_program *program);

#endif
