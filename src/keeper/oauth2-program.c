/* SPDX-License-Identifier: MIT */
/*
 * The other side of postrider-oauth2: its command line, its exit status and the
 * text of its answer. Doesn't know what a question is about.
 */
#include "keeper/oauth2-program.h"

#include <signal.h>
#include <stdint.h>

#include "base/clock.h"
#include "credential/exit-status.h"
#include "credential/invocation.h"
#include "credential/program.h"

static int run_login(const struct selected_account *selected,
    char *const *options, const struct credential_message *question,
    struct secret *text, struct error *err);
static int parse_answer(const struct secret *text,
    struct credential_message *answer, struct error *err);
static int explain_exit(const struct credential_program *program, int status,
    struct error *err);

int
oauth2_program_ask(const struct selected_account *selected,
    const char *operation, const struct credential_message *question,
    struct credential_message *answer, struct error *err)
{
	struct secret *text = secret_new(err);
	struct error ignored;
	int result;

	if (text == NULL)
		return -1;
	result =
	    oauth2_program_ask_text(selected, operation, question, text, err);
	if (parse_answer(text, answer, result == 0 ? err : &ignored) == -1)
		result = -1;
	secret_free(text);
	return result;
}

int
oauth2_program_ask_text(const struct selected_account *selected,
    const char *operation, const struct credential_message *question,
    struct secret *text, struct error *err)
{
	const struct invocation invocation = {.program = INVOCATION_OAUTH2,
	    .selection = selected->selection,
	    .operation = operation,
	    .input = question};
	struct credential_program program;
	int status = 0;
	int result = -1;

	credential_program_init(&program);
	if (invocation_start(&invocation, &program, err) == 0 &&
	    credential_program_finish(&program, INT64_MAX, text, &status,
		err) == 0)
		result = status == 0 ? 0 : explain_exit(&program, status, err);
	credential_program_done(&program);
	return result;
}

int
oauth2_program_login(const struct selected_account *selected, bool device,
    bool paste, const struct credential_message *question,
    struct credential_message *answer, struct error *err)
{
	struct secret *text = secret_new(err);
	char *options[3] = {NULL};
	size_t count = 0;
	int result;

	if (text == NULL)
		return -1;
	if (device)
		options[count++] = "--device";
	if (paste)
		options[count++] = "--paste";
	result = run_login(selected, options, question, text, err);
	if (result == 0)
		result = parse_answer(text, answer, err);
	secret_free(text);
	return result;
}

static int
run_login(const struct selected_account *selected, char *const *options,
    const struct credential_message *question, struct secret *text,
    struct error *err)
{
	const struct invocation invocation = {.program = INVOCATION_OAUTH2,
	    .selection = selected->selection,
	    .operation = "login",
	    .more = options,
	    .input = question,
	    .is_interactive = true};
	struct credential_program program;
	int signal_number = 0;
	int status = 0;
	int result = -1;

	credential_program_init(&program);
	if (invocation_start(&invocation, &program, err) == -1 ||
	    credential_program_wait_interactive(&program, text, &status,
		&signal_number, err) == -1)
		goto out;
	if (status == 0)
		result = 0;
	else if (signal_number != 0)
		raise(signal_number);
	if (status != 0)
		explain_exit(&program, status, err);
out:
	credential_program_done(&program);
	return result;
}

/* The text may be the only copy of a refresh token: waits for memory. */
static int
parse_answer(const struct secret *text, struct credential_message *answer,
    struct error *err)
{
	int attempt = 0;

	while (credential_message_parse(answer, text, err) == -1) {
		if (!clock_await_memory(err, &attempt))
			return -1;
		credential_message_done(answer);
		credential_message_init(answer);
	}
	return 0;
}

/* One that was killed says nothing about the token: the next may get it. With a
 * status that it does not have, it could not be loaded: it has no keyring. */
static int
explain_exit(const struct credential_program *program, int status,
    struct error *err)
{
	enum error_code code = status > SPAWN_SIGNAL_BASE
	    ? ERROR_TEMPORARY
	    : credential_exit_code(status);

	if (code == ERROR_KEYRING)
		code = ERROR_SYSTEM;
	return credential_program_explain(program, INVOCATION_OAUTH2, status,
	    code, err);
}
