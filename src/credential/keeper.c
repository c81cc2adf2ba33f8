/* SPDX-License-Identifier: MIT */
/*
 * Starts the helper programs for the verbs and for POP before SMTP, and reads
 * their answers.
 */
#include "credential/keeper.h"

#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "credential/answer.h"
#include "credential/invocation.h"
#include "credential/program.h"
#include "credential/source.h"

static int keeper_run(const char *name,
    const struct credential_request *request, const char *operation,
    const struct credential_message *input, int64_t deadline_ms,
    struct secret *answer, struct error *err);
static enum keeper_kind keeper_parse_kind(const struct secret *answer);

int
keeper_login(const struct credential_request *request, char *const *more,
    bool is_quiet, struct error *err)
{
	struct credential_program program;
	struct invocation invocation;
	int signal_number = 0;
	int status = 0;
	int result = -1;

	credential_program_init(&program);
	invocation_init(&invocation);
	if (invocation_compose(&invocation, INVOCATION_KEEPER,
		request->selection, "login", more, err) == -1)
		goto out;
	if (credential_program_start_interactive(&program, invocation.word,
		NULL, is_quiet, err) == -1) {
		invocation_failed(INVOCATION_KEEPER, err);
		goto out;
	}
	if (credential_program_wait_interactive(&program, NULL, &status,
		&signal_number, err) == -1)
		goto out;
	if (signal_number != 0)
		raise(signal_number);
	result = status == 0
	    ? 0
	    : invocation_explain(request, &program, status, err);
out:
	invocation_done(&invocation);
	credential_program_done(&program);
	return result;
}

int
keeper_logout(const struct credential_request *request, struct buf *report,
    struct error *err)
{
	struct secret *answer = secret_new(err);
	int result = -1;

	if (answer != NULL &&
	    keeper_run(INVOCATION_KEEPER, request, "logout", NULL,
		clock_now_ms() + CREDENTIAL_PROGRAM_PATIENCE_MS, answer,
		err) == 0)
		result = buf_add_text(report, secret_bytes(answer), err);
	secret_free(answer);
	return result;
}

int
keeper_status(const struct credential_request *request,
    struct keeper_status *ret_status, struct error *err)
{
	struct secret *answer = secret_new(err);
	struct keeper_status status = {.kind = KEEPER_HAS_NOTHING};
	char refreshable[sizeof "yes"];

	if (answer == NULL)
		return -1;
	if (keeper_run(INVOCATION_KEEPER, request, "status", NULL,
		request->deadline_ms, answer, err) == -1) {
		secret_free(answer);
		return -1;
	}
	status.kind = keeper_parse_kind(answer);
	status.expires_at = answer_moment(answer, ANSWER_PASSWORD_EXPIRY);
	answer_text(answer, ANSWER_REFRESHABLE, refreshable,
	    sizeof refreshable);
	status.is_refreshable = strcmp(refreshable, "yes") == 0;
	answer_text(answer, ANSWER_REFUSAL, status.refusal,
	    sizeof status.refusal);
	secret_free(answer);
	*ret_status = status;
	return 0;
}

/* Never runs a git credential helper. */
int
keeper_pop(const struct credential_request *request,
    const struct secret *secret, struct error *err)
{
	struct credential_request own_request = *request;
	struct credential_message input;
	struct secret *answer = secret_new(err);
	int result = -1;

	if (answer == NULL)
		return -1;
	own_request.helper = NULL;
	credential_message_init(&input);
	input.password = secret_copy(secret, err);
	if (input.password != NULL)
		result = keeper_run(INVOCATION_OAUTH2, &own_request, "pop",
		    &input, own_request.deadline_ms, answer, err);
	credential_message_done(&input);
	secret_free(answer);
	return result;
}

static int
keeper_run(const char *name, const struct credential_request *request,
    const char *operation, const struct credential_message *input,
    int64_t deadline_ms, struct secret *answer, struct error *err)
{
	int64_t start_ms = clock_now_ms();
	struct credential_program program;
	struct invocation invocation;
	int status = 0;
	int result = -1;

	credential_program_init(&program);
	if (strcmp(operation, "status") != 0)
		program.final_deadline_ms = credential_final_deadline(request);
	invocation_init(&invocation);
	if (invocation_compose(&invocation, name, request->selection, operation,
		NULL, err) == -1)
		goto out;
	if (credential_program_start(&program, invocation.word, input, err) ==
	    -1)
		invocation_failed(name, err);
	else if (credential_program_finish(&program, deadline_ms, answer,
		     &status, err) == 0)
		result = status == 0
		    ? 0
		    : invocation_explain(request, &program, status, err);
	else if (err->code == ERROR_TEMPORARY)
		credential_out_of_time(request, start_ms, name, err);
out:
	invocation_done(&invocation);
	credential_program_done(&program);
	return result;
}

static enum keeper_kind
keeper_parse_kind(const struct secret *answer)
{
	char kind[KEEPER_TEXT_SIZE];

	answer_text(answer, ANSWER_KIND, kind, sizeof kind);
	if (strcmp(kind, "oauth2") == 0)
		return KEEPER_HAS_TOKENS;
	if (strcmp(kind, "password") == 0)
		return KEEPER_HAS_PASSWORD;
	return KEEPER_HAS_NOTHING;
}
