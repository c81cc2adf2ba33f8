/* SPDX-License-Identifier: MIT */
#ifndef CLI_TERMINAL_INPUT_H
#define CLI_TERMINAL_INPUT_H

/*
 * Tells a person at a terminal that a message is expected.
 */

/*
 * Waits until something is entered on standard input, which is a terminal, but
 * no longer than a second. If nothing is, says on standard error, if that is a
 * terminal, that the message is read from here and how to end it.
 */
void terminal_input_await(void);

#endif
