/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_OPERATIONS_H
#define KEEPER_OPERATIONS_H

/*
 * The operations of postrider-credential. The first three are git's
 * (gitcredentials(7)), the others postrider's own.
 */

#include "base/error.h"
#include "config/helper-options.h"
#include "credential/credential-message.h"
#include "keeper/selected-account.h"

/* All borrowed. The question is empty if the operation takes none. */
struct operation_request {
	const struct helper_options *options;
	const struct selected_account *selected;
	const struct credential_message *question;
};

typedef int operation_function(const struct operation_request *request,
    struct error *err);

/* Answers a password, or a token that is valid for a while. git.c */
operation_function operation_get;

/* Stores a password. Tokens are stored by the operations that get them. git.c
 */
operation_function operation_store;

/* Erases a password, or one access token that a server refused. git.c */
operation_function operation_erase;

/* Signs a person or an application in and stores the tokens. Speaks to people
 * on standard output. sign-in.c */
operation_function operation_login;

/* Erases everything, and revokes what can be revoked. Speaks to people on
 * standard output. sign-out.c */
operation_function operation_logout;

/* Answers the state of a credential; asks no person and no server. status.c */
operation_function operation_status;

/* Tries whether a credential could be stored. check.c */
operation_function operation_check;

/* Shows a notification; its text is read from standard input, and no account is
 * needed: request is NULL. notify.c */
operation_function operation_notify;

/* Writes "wait: ..." to standard error: postrider then gives a prompt of the
 * keyring more time. git.c */
void operation_announce_prompt(void);

#endif
