/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SECRETS_H
#define TESTS_SECRETS_H

/* The secrets of the simulated accounts, and how to recognise them in text. */

#include <stdbool.h>

#define SECRETS_USER "me@example.test"
#define SECRETS_PASSWORD "Pa55w0rdOfTheRider"

/* Returns whether the text contains a considerable part of the password, as it
 * is or in base64 as a mechanism sends it, in any case. */
bool secrets_are_in(const char *text);

#endif
