/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_ACCOUNT_FILL_H
#define CONFIG_ACCOUNT_FILL_H

/* The second half of account_resolve: fills the account from the layers. For
 * account*.c only. */

#include "config/account.h"
#include "config/layers.h"

/*
 * Fills all members except name, provider and found_by. sender is the envelope
 * sender or NULL. Errors as account_resolve; on failure the account must be
 * freed.
 */
int account_fill(struct account *account, const struct layers *layers,
    const char *sender, struct error *err);

/*
 * Replaces the text of a setting, and its elements if it is a list.
 * ERROR_SYSTEM if there is no memory; the text is then NULL.
 */
int account_set_text(struct account *account, enum setting_id id,
    const char *text, size_t len, struct error *err);

/* Checks auth and mechanism, and derives pop-port. In account-auth.c. */
int account_fill_auth(struct account *account, const struct layers *layers,
    struct error *err);

/* Whether no mechanism in auth needs a user name. */
bool account_auth_is_nameless(const struct account *account);

/* Checks auth against user and tls. */
int account_check_auth(const struct account *account,
    const struct layers *layers, struct error *err);

/*
 * Sets uses_oauth2, the scope, and the mechanisms if auth isn't set. Call it
 * after account_fill_auth. In account-oauth2.c.
 */
int account_fill_oauth2(struct account *account, const struct layers *layers,
    struct error *err);

/* Begins the message with the title of the account, if it has one. Always
 * returns -1. */
int account_name_in(const struct account *account, struct error *err);

/* Sets ERROR_CONFIG about a setting; the message begins with the place where
 * it was set, or its name. Always returns -1. */
int account_refuse(const struct layers *layers, enum setting_id id,
    struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
