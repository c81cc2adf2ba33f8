/* SPDX-License-Identifier: MIT */
/*
 * The keyring, seen from outside: postrider-credential is asked, or the git
 * credential helper that the user set in its place (gitcredentials(7)). Knows
 * no keyring itself.
 */
#include "credential/client.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/buf.h"
#include "base/clock.h"
#include "credential/codec.h"
#include "credential/git-helper.h"
#include "credential/program.h"
#include "credential/source.h"
#include "install-paths.h"

enum {
	NAME_SIZE = GIT_HELPER_NAME_SIZE
};

static const struct {
	int status;
	enum error_code code;
} status_meanings[] = {
    {EX_NOPERM, ERROR_AUTH},
    {EX_CONFIG, ERROR_CONFIG},
    {EX_DATAERR, ERROR_DATA},
};

static int start_helper(const struct credential_request *request,
    const char *operation, const struct secret *secret,
    struct credential_program *program, struct error *err);
static int set_message(struct credential_message *message,
    const struct credential_request *request, const struct secret *secret,
    struct error *err);
static int set_password(struct credential_message *message,
    const struct secret *secret, struct error *err);
static int start_keeper(const char *operation,
    const struct credential_message *message,
    struct credential_program *program, struct error *err);
static int not_started(struct error *err);
static int finish_helper(const struct credential_request *request,
    struct credential_program *program, int64_t start_ms, struct secret *answer,
    struct error *err);
static void name_helper(const struct credential_request *request,
    char out[NAME_SIZE]);
static enum error_code status_code(int status);
static int take_password(struct credential *credential,
    const struct secret *answer, struct error *err);
static int no_password(const struct credential_request *request,
    struct error *err);

/*
 * A keeper that isn't installed must not stop a person who can be asked
 * instead: that failure waits until the credential is needed.
 */
int
credential_helper_start(struct credential *credential, struct error *err)
{
	const struct credential_request *request = &credential->request;

	if (start_helper(request, "get", NULL, &credential->program, err) == 0)
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
	if (finish_helper(&credential->request, &credential->program,
		credential->start_ms, answer, err) == 0)
		result = take_password(credential, answer, err);
	secret_free(answer);
	return result;
}

int
credential_store(const struct credential_request *request,
    const struct secret *secret, struct error *err)
{
	struct credential_program program;
	struct secret *answer = secret_new(err);
	int64_t start_ms = clock_now_ms();
	int result = -1;

	credential_program_init(&program);
	if (answer != NULL &&
	    start_helper(request, "store", secret, &program, err) == 0)
		result =
		    finish_helper(request, &program, start_ms, answer, err);
	credential_program_done(&program);
	secret_free(answer);
	return result;
}

static int
start_helper(const struct credential_request *request, const char *operation,
    const struct secret *secret, struct credential_program *program,
    struct error *err)
{
	struct credential_message message;
	int result = -1;

	credential_message_init(&message);
	if (set_message(&message, request, secret, err) == -1)
		result = -1;
	else if (request->helper == NULL)
		result = start_keeper(operation, &message, program, err);
	else
		result = git_helper_start(request->helper, operation, &message,
		    program, err);
	credential_message_done(&message);
	return result;
}

static int
set_message(struct credential_message *message,
    const struct credential_request *request, const struct secret *secret,
    struct error *err)
{
	const char *user = request->user;
	int result;

	result =
	    credential_message_set(message, CREDENTIAL_PROTOCOL, "smtp", err);
	if (result == 0)
		result = credential_message_set_server(message, request->host,
		    request->port, err);
	if (result == 0 && user != NULL)
		result = credential_message_set(message, CREDENTIAL_USERNAME,
		    user, err);
	if (result == 0 && secret != NULL)
		result = set_password(message, secret, err);
	return result;
}

static int
set_password(struct credential_message *message, const struct secret *secret,
    struct error *err)
{
	message->password = secret_new(err);
	if (message->password == NULL)
		return -1;
	return secret_add(message->password, secret_bytes(secret),
	    secret_len(secret), err);
}

static int
start_keeper(const char *operation, const struct credential_message *message,
    struct credential_program *program, struct error *err)
{
	const char *folder = getenv("POSTRIDER_EXEC_PATH");
	char *argv[] = {NULL, (char *)operation, NULL};
	struct buf path;
	int result = -1;

	if (folder == NULL || *folder == '\0')
		folder = INSTALL_LIBEXECDIR;
	if (*folder != '/')
		return error_set(err, ERROR_CONFIG,
		    "POSTRIDER_EXEC_PATH: \"%s\" is not an absolute path",
		    folder);
	buf_init(&path, PATH_MAX);
	if (buf_addf(&path, err, "%s/postrider-credential", folder) == 0) {
		argv[0] = path.data;
		program->may_ask = true;
		program->may_finish = true;
		result = credential_program_start(program, argv, message, err);
	}
	if (result == -1 && err->code == ERROR_SYSTEM)
		not_started(err);
	buf_done(&path);
	return result;
}

static int
not_started(struct error *err)
{
	struct error cause = *err;

	error_set(err, ERROR_KEYRING, "the keyring can't be asked: %s",
	    cause.message);
	return error_hint(err,
	    "install postrider-credential, or name another source with "
	    "\"credential\"");
}

static int
finish_helper(const struct credential_request *request,
    struct credential_program *program, int64_t start_ms, struct secret *answer,
    struct error *err)
{
	char name[NAME_SIZE];
	int status;

	name_helper(request, name);
	if (credential_program_finish(program, request->deadline_ms, answer,
		&status, err) == -1) {
		if (err->code != ERROR_TEMPORARY)
			return -1;
		return credential_out_of_time(request, start_ms, name, err);
	}
	if (status != 0)
		return credential_program_explain(program, name, status,
		    status_code(status), err);
	return 0;
}

static void
name_helper(const struct credential_request *request, char out[NAME_SIZE])
{
	if (request->helper == NULL)
		snprintf(out, NAME_SIZE, "the keyring");
	else
		git_helper_name(request->helper, out);
}

static enum error_code
status_code(int status)
{
	for (size_t i = 0;
	     i < sizeof status_meanings / sizeof status_meanings[0]; i++) {
		if (status_meanings[i].status == status)
			return status_meanings[i].code;
	}
	return ERROR_KEYRING;
}

static int
take_password(struct credential *credential, const struct secret *answer,
    struct error *err)
{
	struct credential_message message;
	int result = -1;

	credential_message_init(&message);
	if (credential_message_parse(&message, answer, err) == -1)
		err->code = ERROR_KEYRING;
	else if (message.password == NULL || secret_len(message.password) == 0)
		no_password(&credential->request, err);
	else
		result = secret_add(credential->secret,
		    secret_bytes(message.password),
		    secret_len(message.password), err);
	credential_message_done(&message);
	return result;
}

static int
no_password(const struct credential_request *request, struct error *err)
{
	const char *user = request->user != NULL ? request->user : "USER";
	const char *who = request->account != NULL ? request->account : user;
	char subject[CREDENTIAL_SUBJECT_SIZE];
	char name[NAME_SIZE];

	name_helper(request, name);
	credential_subject(request, subject);
	error_set(err, ERROR_AUTH, "%s has no password for %s", name, subject);
	if (request->helper != NULL)
		return -1;
	if (strchr(who, '@') == NULL && request->account == NULL)
		return error_hint(err,
		    "store it with: secret-tool store --label=postrider "
		    "host %s service smtp user %s",
		    request->host, user);
	return error_hint(err,
	    "store it with: postrider login %s; or: secret-tool store "
	    "--label=postrider host %s service smtp user %s",
	    who, request->host, user);
}
