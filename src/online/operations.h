/* SPDX-License-Identifier: MIT */
#ifndef ONLINE_OPERATIONS_H
#define ONLINE_OPERATIONS_H

/*
 * The operations of postrider-oauth2. Each reads its question and writes its
 * answer in git's credential protocol (credential/credential-message.h), and
 * keeps nothing.
 */

#include "base/error.h"
#include "config/account.h"
#include "config/helper-options.h"
#include "credential/credential-message.h"
#include "oauth2/token.h"

/* All borrowed. The question is empty if the operation takes none. */
struct operation_request {
	const struct helper_options *options;
	const struct account *account;
	const struct token_client *client; /* NULL if none is needed */
	const struct credential_message *question;
	int answer_fd;
};

typedef int operation_function(const struct operation_request *request,
    struct error *err);

/*
 * Gets an access token with the question's refresh token, or as an application
 * (RFC 6749 4.4, 6). The question's issuer and token endpoint, from an earlier
 * answer, save a request. If the server will never accept the refresh token
 * again, the answer is a refusal, beside the error. renew.c
 */
operation_function operation_renew;

/* Signs a person or an application in. Speaks to the person on standard output,
 * and reads a pasted URL from standard input. sign-in.c */
operation_function operation_login;

/* Revokes the question's refresh token, or its access token (RFC 7009). The
 * answer is a sentence for people, not a message. revoke.c */
operation_function operation_revoke;

/* Answers the issuer and the token endpoint. renew.c */
operation_function operation_endpoints;

/* Signs in by POP3 with the question's password and out again: after that, the
 * server accepts mail from this address for a while. pop.c */
operation_function operation_pop;

/*
 * Signs in by IMAP with the question's password, or access token, and looks for
 * its Message-ID in the mailbox of sent mail. Answers "accepted" if a message
 * is there that has been through a mail server, "copy" if one is there that may
 * come from a mail program, else "nothing"; and the mailbox. look.c
 */
operation_function operation_look;

/* Gets the autoconfig file of the domain of the account's first address, which
 * need not have a server yet, and answers the server that it names.
 * autoconfig.c */
operation_function operation_autoconfig;

#endif
