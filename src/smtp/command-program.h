/* SPDX-License-Identifier: MIT */
#ifndef SMTP_COMMAND_PROGRAM_H
#define SMTP_COMMAND_PROGRAM_H

/*
 * Runs the program of a custom mechanism: exchanges lines, passes the secret on
 * a separate descriptor, and waits for the exit. Each wait may take as long as
 * one for a reply of the server; a longer one is ERROR_TEMPORARY.
 */

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/redaction.h"
#include "base/secret.h"
#include "base/spawn.h"
#include "smtp/params.h"

enum {
	COMMAND_PROGRAM_LINE_MAX = 12288 /* RFC 4954 4. */
};

struct command_program {
	const struct smtp_params *params;
	const struct secret *secret;
	size_t secret_sent; /* bytes that were written to it */
	struct buf input;   /* the line for its standard input */
	size_t input_sent;  /* bytes of input that were written */
	struct spawn_child child;
	struct secret *line;        /* the last line of its output */
	struct redaction redaction; /* what stderr_text must not show */
	struct buf stderr_text;     /* the end of its standard error */
	char name[128];             /* for messages */
	unsigned spawn_flags;       /* of base/launcher.h */
};

/* Makes program safe for command_program_done. Starts nothing. */
void command_program_init(struct command_program *program);

/* Terminates the program if it is still running, and frees. */
void command_program_done(struct command_program *program);

/*
 * Starts the program that params name. params and secret (NULL: there is none)
 * are borrowed. ERROR_CONFIG when it can't be started.
 */
int command_program_start(struct command_program *program,
    const struct smtp_params *params, const struct secret *secret,
    struct error *err);

/* Registers the program that params name with their launcher, so that a process
 * in a sandbox can start it. Errors are left to command_program_start. */
void command_program_register(const struct smtp_params *params);

/* Sets the line that the next command_program_read writes to the program. */
int command_program_send(struct command_program *program, const char *line,
    struct error *err);

/* Reads the next line of the program. ERROR_AUTH if it is too long, or if the
 * program exits; the message is then its last line on standard error. */
int command_program_read(struct command_program *program, struct error *err);

/* Ends the program's input and waits for it to exit. ERROR_SECURITY, with the
 * same message, if its exit status isn't 0. */
int command_program_finish(struct command_program *program, struct error *err);

#endif
