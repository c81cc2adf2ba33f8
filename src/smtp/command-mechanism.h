/* SPDX-License-Identifier: MIT */
#ifndef SMTP_COMMAND_MECHANISM_H
#define SMTP_COMMAND_MECHANISM_H

/*
 * A SASL mechanism that is a program of the user's. Both sides speak in lines
 * of base64. The program begins: its initial response, "=" for an empty one, or
 * an empty line for none. Then each challenge is a line on its standard input,
 * and its response a line on standard output; either may be empty. When the
 * server has accepted, its standard input ends, and it exits with 0 if it is
 * content with the server. The secret comes by a descriptor of its own (see
 * command-environment.h).
 */

#include <stdbool.h>

#include "base/error.h"
#include "base/secret.h"
#include "smtp/params.h"

struct command_mechanism;

/*
 * Starts the program of params, which are borrowed like the secret (NULL: there
 * is none), and reads how it begins. ERROR_CONFIG: it can't be started;
 * ERROR_AUTH: it died or wrote what is no such line; ERROR_TEMPORARY: it took
 * longer than a command of the session may. NULL on failure.
 */
struct command_mechanism *
command_mechanism_start(const struct smtp_params *params,
    const struct secret *secret, struct error *err);

/* Ends the program if it is still running. Accepts NULL. */
void command_mechanism_free(struct command_mechanism *custom);

/* Return whether there is an initial response, and whether it fits in the line
 * of the AUTH command (RFC 4954 section 4). */
bool command_mechanism_begins(const struct command_mechanism *custom);
bool command_mechanism_first_fits(const struct command_mechanism *custom);

/*
 * Hands over a challenge (NULL: none, for the initial response) and adds the
 * program's response to response. Errors as above.
 */
int command_mechanism_step(struct command_mechanism *custom,
    const char *challenge, struct secret *response, struct error *err);

/*
 * The server has accepted: asks the program whether it is the right server.
 * ERROR_SECURITY: it says no; ERROR_TEMPORARY as above.
 */
int command_mechanism_accept(struct command_mechanism *custom,
    struct error *err);

#endif
