/* SPDX-License-Identifier: MIT */
/*
 * Gets a credential from "command:...", which is run by a shell. The command
 * may contain a password, so it never appears in an error.
 */
#include "credential/source.h"

#include "credential/program.h"

static const char name[] = "the credential command";

int
credential_command_start(struct credential *credential, struct error *err)
{
	char *argv[] = {"/bin/sh", "-c", (char *)credential->argument, NULL};

	credential->program.is_configured = true;
	credential->program.launcher = credential->request.launcher;
	return credential_program_start(&credential->program, argv, NULL, err);
}

int
credential_command_await(struct credential *credential, struct error *err)
{
	struct secret *secret = credential->secret;
	int status;

	if (credential_program_await(&credential->program, name,
		credential->request.deadline_ms, secret, &status, err) == -1)
		return -1;
	/* The output of a command that failed may be incomplete. */
	if (status != 0)
		return credential_program_explain(&credential->program, name,
		    status, ERROR_AUTH, err);
	secret_cut_line(secret);
	if (secret_len(secret) > 0)
		return 0;
	error_set(err, ERROR_AUTH, "%s printed nothing", name);
	return error_set_cause(err, "credential-program");
}
