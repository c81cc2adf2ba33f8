/* SPDX-License-Identifier: MIT */
/*
 * Derives error messages from the standard error and exit status of a program.
 * Never shows a part of a command that the user configured.
 */
#include "credential/program.h"

#include "base/cause.h"
#include "base/child-stderr.h"
#include "base/excerpt.h"
#include "base/text.h"

enum {
	STATUS_NOT_EXECUTABLE = 126, /* sh(1) */
	STATUS_NOT_FOUND = 127
};

static bool error_find_message(const struct buf *text, const char **ret_line,
    int *ret_len);
static void error_take_advice(const struct buf *text, struct error *err);
static void error_set_status(const char *name, int status, enum error_code code,
    struct error *err);
static void error_withhold(int status, struct error *err);
static bool error_repeats_command(const struct credential_program *program,
    const char *line, int len);

int
credential_program_explain(const struct credential_program *program,
    const char *name, int status, enum error_code code, struct error *err)
{
	const struct buf *text = &program->stderr_text;
	const char *line;
	int len;

	if (!program->is_configured && error_find_message(text, &line, &len)) {
		error_set(err, code, "%.*s", len, line);
	} else if (!child_stderr_find(text, "", CREDENTIAL_PROGRAM_WAIT, &line,
		       &len)) {
		error_set_status(name, status, code, err);
	} else if (error_repeats_command(program, line, len)) {
		error_set_status(name, status, code, err);
		error_withhold(status, err);
	} else {
		error_set(err, code, "%s failed: %.*s", name, len, line);
	}
	if (program->is_configured || !error_find_message(text, &line, &len))
		return error_set_cause(err, "credential-program");
	error_take_advice(text, err);
	return -1;
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
    struct error *err)
{
	if (status > SPAWN_SIGNAL_BASE)
		error_set(err, code, "%s was ended by signal %d", name,
		    status - SPAWN_SIGNAL_BASE);
	else
		error_set(err, code, "%s ended with exit status %d", name,
		    status);
}

static void
error_withhold(int status, struct error *err)
{
	struct error cause = *err;
	const char *meaning = status == STATUS_NOT_FOUND
	    ? " (command not found)"
	    : status == STATUS_NOT_EXECUTABLE ? " (not executable)"
					      : "";

	error_set(err, cause.code, "%s%s" EXCERPT_WITHHELD, cause.message,
	    meaning);
	error_hint(err, "run the command in a shell to see its message");
}

/* Some shells call themselves "sh" whatever their path. */
static bool
error_repeats_command(const struct credential_program *program,
    const char *line, int len)
{
	return program->is_configured &&
	    (text_has_prefix(line, "sh: ") ||
		excerpt_is_in(line, (size_t)len, buf_text(&program->command)));
}
