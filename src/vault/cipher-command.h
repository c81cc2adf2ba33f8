/* SPDX-License-Identifier: MIT */
#ifndef VAULT_CIPHER_COMMAND_H
#define VAULT_CIPHER_COMMAND_H

/*
 * A command of the user that encrypts or decrypts an entry. A shell runs it. It
 * receives its input on stdin only, and doesn't inherit POSTRIDER_PASSWORD.
 * SIGPIPE must be ignored.
 */

#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/secret.h"

struct cipher_command {
	const char *setting; /* names the command in messages */
	const char *command;
	int64_t deadline_ms;
	enum error_code failure; /* the code when the command fails */
};

/*
 * Runs the command on the input and adds what it prints to the output. A
 * command that fails, doesn't read all of its input or prints nothing sets the
 * failure code; the message ends with the last line of its stderr.
 * ERROR_TEMPORARY at the deadline; ERROR_DATA when it prints more than the
 * output can hold. On failure the contents of the output are undefined.
 */
int cipher_command_encrypt(const struct cipher_command *command,
    const struct secret *input, struct buf *output, struct error *err);
int cipher_command_decrypt(const struct cipher_command *command,
    const struct buf *input, struct secret *output, struct error *err);

#endif
