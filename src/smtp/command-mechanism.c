/* SPDX-License-Identifier: MIT */
/*
 * Maps the lines that a program exchanges to the steps of a SASL mechanism.
 * Knows nothing of the mechanism itself.
 */
#include "smtp/command-mechanism.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "smtp/command-program.h"

enum {
	COMMAND_ROOM = 32 /* "AUTH ", the name and the line end */
};

struct command_mechanism {
	struct command_program program;
};

static int command_mechanism_read_first(struct command_mechanism *custom,
    struct error *err);
static bool is_base64(const char *text, size_t len);

struct command_mechanism *
command_mechanism_start(const struct smtp_params *params,
    const struct secret *secret, struct error *err)
{
	struct command_mechanism *custom = calloc(1, sizeof *custom);

	if (custom == NULL) {
		error_no_memory(err);
		return NULL;
	}
	command_program_init(&custom->program);
	if (command_program_start(&custom->program, params, secret, err) == 0 &&
	    command_mechanism_read_first(custom, err) == 0)
		return custom;
	command_mechanism_free(custom);
	return NULL;
}

void
command_mechanism_free(struct command_mechanism *custom)
{
	if (custom == NULL)
		return;
	command_program_done(&custom->program);
	free(custom);
}

bool
command_mechanism_begins(const struct command_mechanism *custom)
{
	return secret_len(custom->program.line) > 0;
}

bool
command_mechanism_first_fits(const struct command_mechanism *custom)
{
	return secret_len(custom->program.line) <=
	    COMMAND_PROGRAM_LINE_MAX - COMMAND_ROOM;
}

int
command_mechanism_step(struct command_mechanism *custom, const char *challenge,
    struct secret *response, struct error *err)
{
	struct command_program *program = &custom->program;
	const char *line;
	size_t len;

	if (challenge != NULL &&
	    (command_program_send(program, challenge, err) == -1 ||
		command_program_read(program, err) == -1))
		return -1;
	line = secret_bytes(program->line);
	len = secret_len(program->line);
	if (challenge == NULL && strcmp(line, "=") == 0)
		return 0;
	if (is_base64(line, len))
		return secret_add(response, line, len, err);
	return error_set(err, ERROR_AUTH, "%s: its response isn't base64",
	    program->name);
}

int
command_mechanism_accept(struct command_mechanism *custom, struct error *err)
{
	if (command_program_finish(&custom->program, err) == 0)
		return 0;
	if (err->code == ERROR_SECURITY)
		error_hint(err,
		    "the server accepted the sign-in, but the mechanism does "
		    "not accept the server");
	return -1;
}

static int
command_mechanism_read_first(struct command_mechanism *custom,
    struct error *err)
{
	struct command_program *program = &custom->program;
	const char *line;
	size_t len;

	if (command_program_read(program, err) == -1)
		return -1;
	line = secret_bytes(program->line);
	len = secret_len(program->line);
	if (strcmp(line, "=") == 0 || is_base64(line, len))
		return 0;
	return error_set(err, ERROR_AUTH,
	    "%s: its first line is neither base64, \"=\" nor empty",
	    program->name);
}

/* RFC 4648 section 4, with padding. An empty line is valid too. */
static bool
is_base64(const char *text, size_t len)
{
	size_t padding = 0;

	while (padding < 2 && padding < len && text[len - 1 - padding] == '=')
		padding++;
	for (size_t i = 0; i < len - padding; i++) {
		if (!isalnum((unsigned char)text[i]) && text[i] != '+' &&
		    text[i] != '/')
			return false;
	}
	return len % 4 == 0;
}
