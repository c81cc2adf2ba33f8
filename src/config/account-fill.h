/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_ACCOUNT_FILL_H
#define CONFIG_ACCOUNT_FILL_H

/* The second half of account_resolve: texts become an account. */

#include "config/account.h"
#include "config/layers.h"

/*
 * Fills everything but name, provider and how, which are there already. sender
 * is the envelope's, or NULL. Errors as account_resolve. On failure the account
 * is only fit for account_free.
 */
int account_fill(struct account *account, const struct layers *layers,
    const char *sender, struct error *err);

/*
 * Replaces the text of a setting by the len bytes at text, and its elements if
 * it is a list. ERROR_SYSTEM; the text is NULL then.
 */
int account_set_text(struct account *account, enum setting_id id,
    const char *text, size_t len, struct error *err);

/* Checks auth and mechanism, and derives pop-port. account-auth.c. */
int account_fill_auth(struct account *account, const struct layers *layers,
    struct error *err);

/* Whether every mechanism of auth can do without a user's name. */
bool account_auth_is_nameless(const struct account *account);

/* Whether auth goes together with the user and with tls. */
int account_check_auth(const struct account *account,
    const struct layers *layers, struct error *err);

/*
 * Sets uses_oauth2 and the scope, and then the mechanisms where auth names
 * none. Comes after account_fill_auth. account-oauth2.c.
 */
int account_fill_oauth2(struct account *account, const struct layers *layers,
    struct error *err);

/* ERROR_CONFIG about a setting; the message names where it was written. */
int account_refuse(const struct layers *layers, enum setting_id id,
    struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
