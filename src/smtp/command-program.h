/* SPDX-License-Identifier: MIT */
#ifndef SMTP_COMMAND_PROGRAM_H
#define SMTP_COMMAND_PROGRAM_H

/*
 * The program of a mechanism of the user's while it runs: lines to and from it,
 * the secret on a descriptor of its own, and its end. Each wait is as long as
 * one for a reply of the server's; a longer one is ERROR_TEMPORARY.
 */

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/secret.h"
#include "base/spawn.h"
#include "smtp/params.h"

enum {
	COMMAND_PROGRAM_LINE_MAX = 12288 /* RFC 4954 4. */
};

struct command_program {
	const struct smtp_params *params;
	const struct secret *secret;
	size_t secret_sent; /* bytes that the program has */
	struct buf input;   /* the line for it */
	size_t input_sent;  /* bytes of that which it has */
	struct spawn_child child;
	struct secret *line;  /* the last one that it wrote, without its end */
	struct buf complaint; /* the end of what it wrote on stderr */
	char name[128];       /* for messages */
};

/* Not running: command_program_done is harmless on it. */
void command_program_init(struct command_program *program);

/* Ends it if it is still running, and frees. */
void command_program_done(struct command_program *program);

/*
 * Starts the program that params name; both are borrowed, like the secret
 * (NULL: there is none). ERROR_CONFIG when that isn't possible.
 */
int command_program_start(struct command_program *program,
    const struct smtp_params *params, const struct secret *secret,
    struct error *err);

/* Hands over a line, while its next one is waited for. */
int command_program_send(struct command_program *program, const char *line,
    struct error *err);

/* Reads its next line. ERROR_AUTH when that is too long, or the program ends
 * instead; the message is then its last one on standard error. */
int command_program_read(struct command_program *program, struct error *err);

/* Ends its input, and waits for its end. ERROR_SECURITY, with such a message,
 * when its exit status isn't 0. */
int command_program_finish(struct command_program *program, struct error *err);

#endif
