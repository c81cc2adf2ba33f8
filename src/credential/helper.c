/* SPDX-License-Identifier: MIT */
/*
 * Gets, stores and erases a credential by running postrider-credential, or a
 * git credential helper in its place, with git's credential protocol.
 */
#include "credential/credential.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "credential/credential-message.h"
#include "credential/git-helper.h"
#include "credential/invocation.h"
#include "credential/keeper.h"
#include "credential/program.h"
#include "credential/source.h"

static int helper_start(const struct credential_request *request,
    const char *operation, const struct secret *secret,
    struct credential_program *program, struct error *err);
static int helper_start_keeper(const struct credential_request *request,
    const char *operation, const struct credential_message *message,
    struct credential_program *program, struct error *err);
static int helper_request(const struct credential_request *request,
    const char *operation, const struct secret *secret, struct error *err);
static int helper_finish(const struct credential_request *request,
    struct credential_program *program, struct secret *answer,
    struct error *err);
static int helper_copy_password(struct credential *credential,
    const struct secret *answer, struct error *err);
static int helper_no_password(const struct credential_request *request,
    struct error *err);
static int helper_no_token(const struct credential_request *request,
    struct error *err);

/*
 * If postrider-credential isn't installed, the failure is reported by
 * credential_helper_await, so that credential_await can prompt instead.
 */
int
credential_helper_start(struct credential *credential, struct error *err)
{
	const struct credential_request *request = &credential->request;

	if (helper_start(request, "get", NULL, &credential->program, err) == 0)
		return 0;
	if (err->code != ERROR_KEYRING)
		return -1;
	credential->failure = *err;
	return 0;
}

int
credential_helper_await(struct credential *credential, struct error *err)
{
	struct secret *answer;
	int result = -1;

	if (credential->failure.code != ERROR_NONE) {
		*err = credential->failure;
		return -1;
	}
	answer = secret_new(err);
	if (answer == NULL)
		return -1;
	if (helper_finish(&credential->request, &credential->program, answer,
		err) == 0) {
		result = helper_copy_password(credential, answer, err);
		if (invocation_is_keeper(&credential->request))
			credential_program_warning(&credential->program,
			    &credential->warning);
	}
	secret_free(answer);
	return result;
}

int
credential_helper_register(const struct credential_request *request,
    const char *operation, struct error *err)
{
	struct credential_program program;
	int result;

	credential_program_init(&program);
	program.only_registers = true;
	result = helper_start(request, operation, NULL, &program, err);
	credential_program_done(&program);
	return result;
}

int
credential_check_store(const struct credential_request *request,
    struct error *err)
{
	return invocation_is_keeper(request)
	    ? keeper_check(request, NULL, err)
	    : helper_request(request, "get", NULL, err);
}

int
credential_store(const struct credential_request *request,
    const struct secret *secret, struct error *err)
{
	return helper_request(request, "store", secret, err);
}

int
credential_erase(const struct credential_request *request,
    const struct secret *secret, struct error *err)
{
	return helper_request(request, "erase", secret, err);
}

static int
helper_start(const struct credential_request *request, const char *operation,
    const struct secret *secret, struct credential_program *program,
    struct error *err)
{
	char *server =
	    credential_message_server(request->host, request->port, err);
	const struct credential_message message =
	    {.value = {[CREDENTIAL_PROTOCOL] = "smtp",
		 [CREDENTIAL_HOST] = server,
		 [CREDENTIAL_USERNAME] = request->user},
		.password = (struct secret *)secret};
	int result;

	program->launcher = request->launcher;
	if (server == NULL)
		return -1;
	if (invocation_is_keeper(request))
		result = helper_start_keeper(request, operation, &message,
		    program, err);
	else
		result = git_helper_start(request->helper, operation, &message,
		    program, err);
	free(server);
	return result;
}

static int
helper_start_keeper(const struct credential_request *request,
    const char *operation, const struct credential_message *message,
    struct credential_program *program, struct error *err)
{
	char min_valid[48];
	char *more[] = {NULL, NULL};
	const struct invocation invocation = {.program = INVOCATION_KEEPER,
	    .selection = request->selection,
	    .operation = operation,
	    .more = more,
	    .input = message};

	if (request->min_valid_ms > 0 && strcmp(operation, "get") == 0) {
		snprintf(min_valid, sizeof min_valid,
		    "--min-valid=%" PRId64 "ms", request->min_valid_ms);
		more[0] = min_valid;
	}
	program->may_finish = true;
	program->final_deadline_ms = credential_final_deadline(request);
	return invocation_start(&invocation, program, err);
}

static int
helper_request(const struct credential_request *request, const char *operation,
    const struct secret *secret, struct error *err)
{
	struct credential_program program;
	int result = -1;

	credential_program_init(&program);
	if (helper_start(request, operation, secret, &program, err) == 0)
		result = helper_finish(request, &program, NULL, err);
	credential_program_done(&program);
	return result;
}

static int
helper_finish(const struct credential_request *request,
    struct credential_program *program, struct secret *answer,
    struct error *err)
{
	char name[INVOCATION_NAME_SIZE];
	int status;

	invocation_name(request, name);
	if (credential_program_await(program, name, request->deadline_ms,
		answer, &status, err) == -1)
		return -1;
	return status == 0 ? 0
			   : invocation_explain(request, program, status, err);
}

static int
helper_copy_password(struct credential *credential, const struct secret *answer,
    struct error *err)
{
	struct credential_message message;
	const char *expiry;
	int result = -1;

	credential_message_init(&message);
	if (credential_message_parse(&message, answer, err) == -1)
		err->code = err->code == ERROR_DATA ? ERROR_KEYRING : err->code;
	else if (message.password == NULL || secret_len(message.password) == 0)
		helper_no_password(&credential->request, err);
	else
		result = secret_add(credential->secret,
		    secret_bytes(message.password),
		    secret_len(message.password), err);
	expiry = message.value[CREDENTIAL_PASSWORD_EXPIRY];
	if (expiry != NULL)
		credential_moment_parse(expiry, &credential->expires_at);
	credential_message_done(&message);
	return result;
}

static int
helper_no_password(const struct credential_request *request, struct error *err)
{
	const char *user = request->user != NULL ? request->user : "USER";
	const char *login_name =
	    request->account != NULL ? request->account : user;
	char description[CREDENTIAL_DESCRIPTION_SIZE];
	char name[INVOCATION_NAME_SIZE];

	if (request->is_token)
		return helper_no_token(request, err);
	invocation_name(request, name);
	credential_describe(request, description);
	error_set(err, ERROR_AUTH, "%s has no password for %s", name,
	    description);
	if (request->helper != NULL)
		return -1;
	if (strchr(login_name, '@') == NULL && request->account == NULL)
		return error_hint(err,
		    "store it with: secret-tool store --label=postrider "
		    "host %s service smtp user %s",
		    request->host, user);
	return error_hint(err,
	    "store it with: postrider login %s; or: secret-tool store "
	    "--label=postrider host %s service smtp user %s",
	    login_name, request->host, user);
}

static int
helper_no_token(const struct credential_request *request, struct error *err)
{
	const char *user = request->user != NULL ? request->user : "USER";
	char description[CREDENTIAL_DESCRIPTION_SIZE];

	credential_describe(request, description);
	error_set(err, ERROR_AUTH, "not signed in as %s", description);
	return error_hint(err, "sign in: postrider login %s",
	    request->account != NULL ? request->account : user);
}
