/* SPDX-License-Identifier: MIT */
#ifndef BASE_REDACTION_FORM_H
#define BASE_REDACTION_FORM_H

/* The characters that redaction compares. For this layer only. */

#include <stdbool.h>

/* Returns whether a character is compared: not if it is white space or a
 * control character. */
bool redaction_form_has(unsigned char byte);

/* Returns the character as it is compared. */
char redaction_form_byte(unsigned char byte);

#endif
