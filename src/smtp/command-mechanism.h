/* SPDX-License-Identifier: MIT */
#ifndef SMTP_COMMAND_MECHANISM_H
#define SMTP_COMMAND_MECHANISM_H

/*
 * A SASL mechanism that a program of the user's implements. Both sides exchange
 * lines of base64. The program writes first: its initial response, "=" for an
 * empty one, or an empty line for none. Then it reads each challenge as a line
 * from standard input and writes the response as a line to standard output;
 * either may be empty. When the server has accepted, its standard input ends,
 * and it exits with status 0 if it accepts the server. It gets the secret on a
 * separate descriptor (see command-environment.h).
 */

#include <stdbool.h>

#include "base/error.h"
#include "base/secret.h"
#include "smtp/params.h"

struct command_mechanism;

/*
 * Starts the program that params name and reads its first line. params and
 * secret (NULL: there is none) are borrowed. NULL on failure. ERROR_CONFIG: it
 * can't be started; ERROR_AUTH: it exited, or its line is invalid;
 * ERROR_TEMPORARY: it took longer than a command of the session may.
 */
struct command_mechanism *
command_mechanism_start(const struct smtp_params *params,
    const struct secret *secret, struct error *err);

/* Terminates the program if it is still running. Accepts NULL. */
void command_mechanism_free(struct command_mechanism *custom);

/* Return whether there is an initial response, and whether it fits in the line
 * of the AUTH command (RFC 4954 section 4). */
bool command_mechanism_begins(const struct command_mechanism *custom);
bool command_mechanism_first_fits(const struct command_mechanism *custom);

/*
 * Passes a challenge (NULL for the initial response) to the program and adds
 * its response to response. Fails as command_mechanism_start does.
 */
int command_mechanism_step(struct command_mechanism *custom,
    const char *challenge, struct secret *response, struct error *err);

/*
 * Asks the program, after the server has accepted, whether it accepts the
 * server. ERROR_SECURITY: it does not; ERROR_TEMPORARY as above.
 */
int command_mechanism_accept(struct command_mechanism *custom,
    struct error *err);

#endif
