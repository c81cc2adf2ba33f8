/* SPDX-License-Identifier: MIT */
#ifndef CLI_LOGIN_PLACE_H
#define CLI_LOGIN_PLACE_H

/* Where a login stores its credential: the keyring, or files in its place. */

#include "base/error.h"
#include "cli/login-cipher.h"
#include "cli/login.h"

/* Tries whether the credential can be stored. Errors of
 * credential_check_store. */
int login_check_place(struct login *login, struct error *err);

/* The same; where the keyring cannot be used, login_offer_files follows. */
int login_ensure_place(struct login *login, struct error *err);

/*
 * For an error of the keyring in err: lets the user choose how to protect files
 * instead, and adds the settings to the options. Without a terminal, or if the
 * user declines, fails with that error, and a hint with the command line.
 */
int login_offer_files(struct login *login, struct error *err);

/*
 * Adds a hint with the command line that stores the credential in files in the
 * directory, protected by the cipher. Always returns -1.
 */
int login_hint_files(const struct login *login,
    const struct login_cipher *cipher, const char *directory,
    struct error *err);

/* Tries whether the configuration can be changed. ERROR_CREATE. */
int login_check_config(const struct login *login, struct error *err);

/* Writes what login_discover and login_offer_files have set into the account's
 * block, which exists. Errors of config_set. */
int login_write_changes(struct login *login, struct error *err);

/* Says where the credential is now. */
void login_print_place(const struct login *login, enum login_method method);

/* Shows the command line of a first message, to the address itself.
 * ERROR_SYSTEM; ERROR_DATA. */
int login_print_example(const struct login *login, struct error *err);

#endif
