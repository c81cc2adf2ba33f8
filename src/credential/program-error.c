/* SPDX-License-Identifier: MIT */
/*
 * Derives error messages from the standard error and exit status of a program.
 * Never shows a part of a command that the user configured, nor of what it
 * prints.
 */
#include "credential/program.h"

#include "base/cause.h"
#include "base/child-stderr.h"
#include "credential/program-failure.h"

#define WITHHELD "; its message is withheld, as it may contain a secret"

static void error_set_failure(const struct credential_program *program,
    const char *name, int status, enum error_code code, struct error *err);
static bool error_find_message(const struct buf *text, const char **ret_line,
    int *ret_len);
static void error_take_advice(const struct buf *text, struct error *err);
static void error_set_status(const char *name, int status, enum error_code code,
    const char *more, struct error *err);

int
credential_program_explain(const struct credential_program *program,
    const char *name, int status, enum error_code code, struct error *err)
{
	const struct buf *text = &program->stderr_text;
	const char *line;
	int len;

	if (program->is_configured) {
		error_set_failure(program, name, status, code, err);
	} else if (error_find_message(text, &line, &len)) {
		error_set(err, code, "%.*s", len, line);
		error_take_advice(text, err);
		return -1;
	} else if (child_stderr_find(text, "", CREDENTIAL_PROGRAM_WAIT, &line,
		       &len)) {
		error_set(err, code, "%s failed: %.*s", name, len, line);
	} else {
		error_set_status(name, status, code, "", err);
	}
	return error_set_cause(err, "credential-program");
}

bool
credential_program_warning(const struct credential_program *program,
    struct error *ret_warning)
{
	const char *line;
	int len;

	if (!child_stderr_find(&program->stderr_text, "warning: ", NULL, &line,
		&len))
		return false;
	error_set(ret_warning, ERROR_KEYRING, "%.*s", len, line);
	if (child_stderr_find(&program->stderr_text, "hint: ", NULL, &line,
		&len))
		error_hint(ret_warning, "%.*s", len, line);
	return true;
}

/* The program is a command that the user configured. */
static void
error_set_failure(const struct credential_program *program, const char *name,
    int status, enum error_code code, struct error *err)
{
	const struct program_failure *failure;
	const char *line = "";
	int len = 0;

	child_stderr_find(&program->stderr_text, "", CREDENTIAL_PROGRAM_WAIT,
	    &line, &len);
	failure = program_failure_find(line, (size_t)len, status);
	if (failure != NULL)
		error_set(err, code, "%s failed: %s", name, failure->phrase);
	else
		error_set_status(name, status, code, len > 0 ? WITHHELD : "",
		    err);
	if (failure != NULL && failure->hint != NULL)
		error_hint(err, "%s", failure->hint);
	else if (len > 0)
		error_hint(err,
		    "run the command in a shell to see its message");
}

static bool
error_find_message(const struct buf *text, const char **ret_line, int *ret_len)
{
	static const char *const programs[] = {"postrider-credential: ",
	    "postrider-oauth2: ", "postrider-compose: "};

	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		if (child_stderr_find(text, programs[i], NULL, ret_line,
			ret_len))
			return true;
	}
	return false;
}

/* An unknown cause is ignored: the program may be of another version. */
static void
error_take_advice(const struct buf *text, struct error *err)
{
	const struct cause *cause = NULL;
	const char *line;
	int len;

	if (child_stderr_find(text, "hint: ", NULL, &line, &len))
		error_hint(err, "%.*s", len, line);
	if (child_stderr_find(text, "cause: ", NULL, &line, &len))
		cause = cause_find(line, (size_t)len);
	if (cause != NULL)
		error_set_cause(err, cause->name);
}

static void
error_set_status(const char *name, int status, enum error_code code,
    const char *more, struct error *err)
{
	if (status > SPAWN_SIGNAL_BASE)
		error_set(err, code, "%s was ended by signal %d%s", name,
		    status - SPAWN_SIGNAL_BASE, more);
	else
		error_set(err, code, "%s ended with exit status %d%s", name,
		    status, more);
}
