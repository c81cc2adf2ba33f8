/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_SOURCE_H
#define CREDENTIAL_SOURCE_H

/*
 * The places a credential can come from; for this layer only. Each is a row of
 * the table in client.c, with two steps: one before the connection is opened,
 * one when the credential is needed.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"
#include "credential/program.h"
#include "credential/request.h"

enum {
	CREDENTIAL_SUBJECT_SIZE = 384
};

struct credential {
	struct credential_request request; /* its strings are ours */
	const struct credential_source *source;
	const char *argument; /* the part after the colon; borrowed */
	int64_t start_ms;     /* when it was asked for, and for how long */
	int64_t limit_ms;
	struct secret *secret;
	int64_t expires_at; /* seconds since 1970, 0: not known */
	struct credential_program program;
	bool is_awaited;
	bool is_typed;
	bool is_renewed;      /* the server refused the one before */
	struct error failure; /* why there is none, once awaited */
	struct error warning; /* of postrider-credential, or ERROR_NONE */
};

struct credential_source {
	const char *name;  /* what stands before the colon */
	const char *usage; /* how it is written; with a colon or without */
	bool may_prompt;   /* without an answer, the terminal is asked */

	/* Starts a program, or takes a variable. NULL: nothing to do yet. */
	int (*start)(struct credential *credential, struct error *err);

	/* Adds to credential->secret. Called once. */
	int (*await)(struct credential *credential, struct error *err);
};

/* Writes "user at host", for messages. */
void credential_subject(const struct credential_request *request,
    char out[CREDENTIAL_SUBJECT_SIZE]);

/*
 * The error of a program that hasn't answered in time: name says who.
 * Always returns -1.
 */
int credential_out_of_time(const struct credential_request *request,
    int64_t start_ms, const char *name, struct error *err);

/* Wipes a variable of our environment, so that no child inherits it. */
void credential_variable_forget(const char *name);

/* value.c: what is there to be read. */
int credential_variable_start(struct credential *credential, struct error *err);
int credential_variable_await(struct credential *credential, struct error *err);
int credential_file_await(struct credential *credential, struct error *err);
int credential_systemd_await(struct credential *credential, struct error *err);

/* command.c: a command of the user's. */
int credential_command_start(struct credential *credential, struct error *err);
int credential_command_await(struct credential *credential, struct error *err);

/* helper.c: the keyring, or a git credential helper in its place. */
int credential_helper_start(struct credential *credential, struct error *err);
int credential_helper_await(struct credential *credential, struct error *err);

#endif
