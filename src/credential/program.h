/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_PROGRAM_H
#define CREDENTIAL_PROGRAM_H

/*
 * A program that is asked for a credential, from its start to its exit status.
 * What it writes on stdout is a secret; what it writes on stderr explains a
 * failure.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/secret.h"
#include "base/spawn.h"
#include "credential/codec.h"

enum {
	/* How long a program that says "wait: ..." on stderr, because it is
	 * asking a person, may take from then on. */
	CREDENTIAL_PROGRAM_PATIENCE_MS = 125 * 1000
};

struct credential_program {
	struct spawn_child child;
	struct buf complaint; /* the end of what it wrote on stderr */
	bool may_ask;         /* set by the caller: "wait: ..." is believed */
	bool may_finish;      /* set by the caller: see SPAWN_MAY_FINISH */
};

/* Not running: credential_program_done is harmless on it. */
void credential_program_init(struct credential_program *program);

/*
 * Starts argv and hands it the message, or an empty stdin when input is NULL.
 * It doesn't inherit POSTRIDER_PASSWORD. Errors as spawn_start.
 */
int credential_program_start(struct credential_program *program,
    char *const argv[], const struct credential_message *input,
    struct error *err);

/* The same, but its stdin stays open at program->child.in, for the caller to
 * write and to close. */
int credential_program_open(struct credential_program *program,
    char *const argv[], struct error *err);

/* Takes what is to be read of its stderr now; waits when there is nothing. For
 * who reads program->child.out himself, and closes it. */
void credential_program_listen(struct credential_program *program);

/*
 * Collects what it answers until it has ended; answer may be NULL once its
 * stdout is closed. ERROR_TEMPORARY when it hasn't
 * by the deadline; it is still running then.
 */
int credential_program_finish(struct credential_program *program,
    int64_t deadline_ms, struct secret *answer, int *ret_status,
    struct error *err);

/*
 * Starts argv so that it speaks to the person at our standard input and output
 * itself; if is_quiet, standard error takes the place of the latter. With
 * input, which may be NULL, it reads that message from SPAWN_MORE_FD and
 * answers at SPAWN_ANSWER_FD. Errors as spawn_start.
 */
int credential_program_start_attended(struct credential_program *program,
    char *const argv[], const struct credential_message *input, bool is_quiet,
    struct error *err);

/*
 * Waits until a program that was started so has ended, however long that takes,
 * and adds what it answers to answer, or NULL. Passes a SIGHUP, SIGINT or
 * SIGTERM that comes meanwhile on to the program; *ret_signal is its number,
 * else 0. The caller should raise it then: it has not ended this process.
 */
int credential_program_attend(struct credential_program *program,
    struct secret *answer, int *ret_status, int *ret_signal, struct error *err);

/*
 * Fills err from what the program wrote on stderr: its line "PROGRAM: message",
 * of a program of ours, and "hint: ...", else its last line, else the
 * exit status; name, if not NULL, stands in front of the latter two. Always
 * returns -1.
 */
int credential_program_explain(const struct credential_program *program,
    const char *name, int status, enum error_code code, struct error *err);

/* Fills *ret_warning from a line "warning: message" and "hint: ..." on stderr,
 * of a program of ours that succeeded (credential/exit-status.h). Returns false
 * if there is none. */
bool credential_program_warning(const struct credential_program *program,
    struct error *ret_warning);

/* Ends it if it is still running, and frees. */
void credential_program_done(struct credential_program *program);

#endif
