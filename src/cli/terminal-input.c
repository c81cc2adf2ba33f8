/* SPDX-License-Identifier: MIT */
/*
 * Tells a person at a terminal that a message is expected. Reads nothing.
 */
#include "cli/terminal-input.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

enum {
	PATIENCE_MS = 1000
};

void
terminal_input_await(void)
{
	struct pollfd typed = {.fd = STDIN_FILENO, .events = POLLIN};

	if (poll(&typed, 1, PATIENCE_MS) == 0 && isatty(STDERR_FILENO) == 1)
		fputs("postrider: reading the message from the terminal; "
		      "end with Ctrl-D\n",
		    stderr);
}
