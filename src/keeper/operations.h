/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_OPERATIONS_H
#define KEEPER_OPERATIONS_H

/*
 * What postrider-credential can be asked to do. The first three are git's
 * (gitcredentials(7)), the others postrider's own.
 */

#include "base/error.h"
#include "credential/codec.h"
#include "keeper/options.h"
#include "keeper/subject.h"

/* All borrowed. The question is empty where an operation takes none. */
struct operation_request {
	const struct keeper_options *options;
	const struct subject *subject;
	const struct credential_message *question;
};

/* Answers with a password, or a token that is valid for a while. git.c */
int operation_get(const struct operation_request *request, struct error *err);

/* Keeps a password; a token is kept by who gets it. git.c */
int operation_store(const struct operation_request *request, struct error *err);

/* Forgets a password, or one access token that a server refused. git.c */
int operation_erase(const struct operation_request *request, struct error *err);

/* Signs a person or an application in and keeps the tokens. Speaks to people on
 * stdout. sign-in.c */
int operation_login(const struct operation_request *request, struct error *err);

/* Forgets everything, and revokes what can be. Speaks likewise. sign-out.c */
int operation_logout(const struct operation_request *request,
    struct error *err);

/* Answers how a credential stands; asks nobody and no server. status.c */
int operation_status(const struct operation_request *request,
    struct error *err);

/* Signs in by POP3 with the question's password, and leaves: then the server
 * takes mail from here for a while. pop.c */
int operation_pop(const struct operation_request *request, struct error *err);

/* "wait: ..." on stderr: postrider gives the keyring's question more time.
 * git.c */
void operation_announce_prompt(void);

#endif
