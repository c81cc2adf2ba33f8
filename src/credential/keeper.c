/* SPDX-License-Identifier: MIT */
/*
 * Starts the helper programs for the verbs and for POP before SMTP, and reads
 * their answers.
 */
#include "credential/keeper.h"

#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "credential/exit-status.h"
#include "credential/invocation.h"
#include "credential/program.h"
#include "credential/source.h"

static int keeper_run(const char *name,
    const struct credential_request *request, const char *operation,
    char *const *more, const struct credential_message *input,
    int64_t deadline_ms, struct secret *answer, struct error *err);
static int keeper_explain(const char *name,
    const struct credential_request *request,
    const struct credential_program *program, int status, struct error *err);
static int keeper_read_look(const struct credential_message *answer,
    struct keeper_look *ret_look, struct error *err);
static struct keeper_status keeper_read_status(
    const struct credential_message *answer);

int
keeper_login(const struct credential_request *request, char *const *more,
    bool is_quiet, struct error *err)
{
	const struct invocation invocation = {.program = INVOCATION_KEEPER,
	    .selection = request->selection,
	    .operation = "login",
	    .more = more,
	    .is_interactive = true,
	    .is_quiet = is_quiet};
	struct credential_program program;
	int signal_number = 0;
	int status = 0;
	int result = -1;

	credential_program_init(&program);
	if (invocation_start(&invocation, &program, err) == -1 ||
	    credential_program_wait_interactive(&program, NULL, &status,
		&signal_number, err) == -1)
		goto out;
	if (signal_number != 0)
		raise(signal_number);
	result = status == 0
	    ? 0
	    : invocation_explain(request, &program, status, err);
out:
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
	    keeper_run(INVOCATION_KEEPER, request, "logout", NULL, NULL,
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
	struct credential_message message;
	int result = -1;

	credential_message_init(&message);
	/* A malformed answer counts as far as it can be read. */
	if (answer != NULL &&
	    keeper_run(INVOCATION_KEEPER, request, "status", NULL, NULL,
		request->deadline_ms, answer, err) == 0 &&
	    (credential_message_parse(&message, answer, err) == 0 ||
		err->code == ERROR_DATA))
		result = 0;
	if (result == 0)
		*ret_status = keeper_read_status(&message);
	credential_message_done(&message);
	secret_free(answer);
	return result;
}

int
keeper_check(const struct credential_request *request, char *const *more,
    struct error *err)
{
	return keeper_run(INVOCATION_KEEPER, request, "check", more, NULL,
	    request->deadline_ms, NULL, err);
}

/* Never runs a git credential helper. */
int
keeper_pop(const struct credential_request *request,
    const struct secret *secret, struct error *err)
{
	const struct credential_message input = {
	    .password = (struct secret *)secret};
	struct credential_request own_request = *request;

	own_request.helper = NULL;
	return keeper_run(INVOCATION_OAUTH2, &own_request, "pop", NULL, &input,
	    own_request.deadline_ms, NULL, err);
}

int
keeper_look(const struct credential_request *request,
    const struct secret *secret, const char *message_id,
    struct keeper_look *ret_look, struct error *err)
{
	const struct credential_message input =
	    {.value = {[CREDENTIAL_MESSAGE_ID] = message_id},
		.password = (struct secret *)secret};
	struct credential_request own_request = *request;
	struct secret *answer = secret_new(err);
	struct credential_message message;
	int result = -1;

	own_request.helper = NULL;
	credential_message_init(&message);
	if (answer != NULL &&
	    keeper_run(INVOCATION_OAUTH2, &own_request, "look", NULL, &input,
		own_request.deadline_ms, answer, err) == 0 &&
	    credential_message_parse(&message, answer, err) == 0)
		result = keeper_read_look(&message, ret_look, err);
	credential_message_done(&message);
	secret_free(answer);
	return result;
}

static int
keeper_read_look(const struct credential_message *answer,
    struct keeper_look *ret_look, struct error *err)
{
	static const char *const words[] = {[KEEPER_FOUND_NOTHING] = "nothing",
	    [KEEPER_FOUND_COPY] = "copy",
	    [KEEPER_FOUND_ACCEPTED] = "accepted"};
	const char *found = answer->value[CREDENTIAL_FOUND];
	const char *mailbox = answer->value[CREDENTIAL_MAILBOX];

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (found == NULL || mailbox == NULL ||
		    strcmp(found, words[i]) != 0)
			continue;
		ret_look->found = (enum keeper_found)i;
		text_printable(ret_look->mailbox, sizeof ret_look->mailbox,
		    mailbox, strlen(mailbox));
		return 0;
	}
	return error_set(err, ERROR_BUG, "%s: malformed answer",
	    INVOCATION_OAUTH2);
}

static int
keeper_run(const char *name, const struct credential_request *request,
    const char *operation, char *const *more,
    const struct credential_message *input, int64_t deadline_ms,
    struct secret *answer, struct error *err)
{
	const struct invocation invocation = {.program = name,
	    .selection = request->selection,
	    .operation = operation,
	    .more = more,
	    .input = input};
	struct credential_program program;
	int status = 0;
	int result = -1;

	credential_program_init(&program);
	if (strcmp(operation, "status") != 0)
		program.final_deadline_ms = credential_final_deadline(request);
	if (invocation_start(&invocation, &program, err) == 0 &&
	    credential_program_await(&program, name, deadline_ms, answer,
		&status, err) == 0)
		result = status == 0
		    ? 0
		    : keeper_explain(name, request, &program, status, err);
	credential_program_done(&program);
	return result;
}

static int
keeper_explain(const char *name, const struct credential_request *request,
    const struct credential_program *program, int status, struct error *err)
{
	if (strcmp(name, INVOCATION_OAUTH2) != 0)
		return invocation_explain(request, program, status, err);
	return credential_program_explain(program, name, status,
	    status > SPAWN_SIGNAL_BASE ? ERROR_TEMPORARY
				       : credential_exit_code(status),
	    err);
}

static struct keeper_status
keeper_read_status(const struct credential_message *answer)
{
	const char *kind = answer->value[CREDENTIAL_STATUS_KIND];
	const char *expiry = answer->value[CREDENTIAL_PASSWORD_EXPIRY];
	const char *refreshable = answer->value[CREDENTIAL_STATUS_REFRESHABLE];
	const char *refusal = answer->value[CREDENTIAL_STATUS_REFUSAL];
	struct keeper_status status = {.kind = KEEPER_HAS_NOTHING};

	if (kind != NULL && strcmp(kind, "oauth2") == 0)
		status.kind = KEEPER_HAS_TOKENS;
	else if (kind != NULL && strcmp(kind, "password") == 0)
		status.kind = KEEPER_HAS_PASSWORD;
	if (expiry != NULL)
		credential_moment_parse(expiry, &status.expires_at);
	status.is_refreshable =
	    refreshable != NULL && strcmp(refreshable, "yes") == 0;
	if (refusal != NULL)
		text_printable(status.refusal, sizeof status.refusal, refusal,
		    strlen(refusal));
	return status;
}
