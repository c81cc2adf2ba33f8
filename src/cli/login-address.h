/* SPDX-License-Identifier: MIT */
#ifndef CLI_LOGIN_ADDRESS_H
#define CLI_LOGIN_ADDRESS_H

/* The address that was probably meant where the domain of a login is close to a
 * known one: me@gmail.com for me@gmial.com. */

#include <stdbool.h>

#include "base/error.h"
#include "cli/login.h"

enum {
	LOGIN_ADDRESS_SIZE = 321 /* RFC 5321 4.5.3.1 */
};

/* Returns false if there is none. */
bool login_suggest_address(const struct login *login,
    char ret_address[LOGIN_ADDRESS_SIZE]);

/* Adds a hint with that address to err; returns false if there is none. */
bool login_hint_address(const struct login *login, struct error *err);

#endif
