/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_SOURCE_H
#define CREDENTIAL_SOURCE_H

/*
 * The sources of credentials; for this layer only. Each is a row of the table
 * in credential.c, with two functions: one that is called before the connection
 * is opened, and one when the credential is needed.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"
#include "credential/program.h"
#include "credential/request.h"

enum {
	CREDENTIAL_DESCRIPTION_SIZE = 384
};

struct credential {
	struct credential_request request; /* a copy, with its strings */
	const struct credential_source *source;
	const char *argument; /* the part after the colon; borrowed */
	int64_t limit_ms;     /* time limit for each start */
	struct secret *secret;
	int64_t expires_at; /* seconds since 1970, or 0 */
	struct credential_program program;
	bool is_awaited;
	bool is_from_prompt;
	bool is_renewed;      /* credential_renew was called */
	struct error failure; /* result of the last credential_await */
	struct error warning; /* of postrider-credential, or ERROR_NONE */
};

struct credential_source {
	const char *name;  /* the part before the colon */
	const char *usage; /* its syntax; with a colon, it has an argument */
	bool may_prompt;   /* prompt for a password if it has none */

	/* Starts a program or reads a variable. May be NULL. */
	int (*start)(struct credential *credential, struct error *err);

	/* Adds the credential to credential->secret. Called once. */
	int (*await)(struct credential *credential, struct error *err);
};

/* Writes "USER at HOST", for messages. */
void credential_describe(const struct credential_request *request,
    char out[CREDENTIAL_DESCRIPTION_SIZE]);

/* Returns the final deadline; INT64_MAX if there is none. */
int64_t credential_final_deadline(const struct credential_request *request);

/* Wipes and removes an environment variable, so that no child inherits it. */
void credential_variable_forget(const char *name);

/* value.c: sources that need no program. */
int credential_variable_start(struct credential *credential, struct error *err);
int credential_variable_await(struct credential *credential, struct error *err);
int credential_file_await(struct credential *credential, struct error *err);
int credential_systemd_await(struct credential *credential, struct error *err);

/* command.c: a command that the user configured. */
int credential_command_start(struct credential *credential, struct error *err);
int credential_command_await(struct credential *credential, struct error *err);

/* helper.c: the keyring, or a git credential helper. */
int credential_helper_start(struct credential *credential, struct error *err);
int credential_helper_await(struct credential *credential, struct error *err);

/* Registers the program of an operation with the launcher of the request. */
int credential_helper_register(const struct credential_request *request,
    const char *operation, struct error *err);

#endif
