/* SPDX-License-Identifier: MIT */
/*
 * Starts postrider-compose and reads its message and its errors.
 */
#include "cli/compose.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/exec-path.h"
#include "base/text.h"
#include "credential/program.h"
#include "credential/request.h"

#define PROGRAM_NAME "postrider-compose"

enum {
	END_LIMIT_MS = 10 * 1000 /* after the end of its output */
};

extern char **environ;

static char **compose_words(const struct composition *composition, char *path,
    struct error *err);
static int compose_run(char *const word[], struct message *message,
    struct error *err);
static int compose_failed(struct error *err);
static enum error_code compose_exit_code(int status);

#ifdef HAVE_COMPOSE
int
compose_check(struct error *err)
{
	(void)err;
	return 0;
}
#else
int
compose_check(struct error *err)
{
	error_set(err, ERROR_USAGE,
	    "this build of postrider has no " PROGRAM_NAME
	    ", so it cannot write messages");
	return error_hint(err,
	    "pass a complete message: postrider you@example.org < message");
}
#endif

int
compose_message(const struct composition *composition, struct message *message,
    struct error *err)
{
	struct buf path;
	char **word = NULL;
	int result = -1;

	buf_init(&path, PATH_MAX);
	if (exec_path_find(PROGRAM_NAME, &path, err) == 0)
		word = compose_words(composition, path.data, err);
	if (word != NULL)
		result = compose_run(word, message, err);
	free((void *)word);
	buf_done(&path);
	return result;
}

bool
compose_reads_input(const struct composition *composition)
{
	const char *body = composition_find(composition, COMPOSE_BODY);

	return body != NULL
	    ? strcmp(body, COMPOSE_INPUT) == 0
	    : composition_find(composition, COMPOSE_HTML) == NULL;
}

char **
compose_environment(struct error *err)
{
	char **copy;
	size_t count = 0;

	while (environ[count] != NULL)
		count++;
	copy = calloc(count + 1, sizeof *copy);
	if (copy == NULL) {
		error_no_memory(err);
		return NULL;
	}
	count = 0;
	for (char **variable = environ; *variable != NULL; variable++) {
		if (strncmp(*variable, CREDENTIAL_VARIABLE "=",
			sizeof CREDENTIAL_VARIABLE) != 0)
			copy[count++] = *variable;
	}
	return copy;
}

/* NULL-terminated; the elements are borrowed. The program has no --bcc. */
static char **
compose_words(const struct composition *composition, char *path,
    struct error *err)
{
	char **word = calloc(2 + 2 * composition->count, sizeof *word);
	size_t count = 0;

	if (word == NULL) {
		error_no_memory(err);
		return NULL;
	}
	word[count++] = path;
	for (size_t i = 0; i < composition->count; i++) {
		const struct composition_part *part = &composition->part[i];

		if (strcmp(part->name, COMPOSE_BCC) == 0)
			continue;
		word[count++] = part->name;
		word[count++] = part->value;
	}
	return word;
}

/* What the program reports is the cause of what its message lacks. */
static int
compose_run(char *const word[], struct message *message, struct error *err)
{
	struct credential_program program;
	char **environment = compose_environment(err);
	struct error failure;
	int status = 0;
	int result = -1;
	int read_result;

	credential_program_init(&program);
	if (environment == NULL)
		goto out;
	if (spawn_start_in(&program.child, word, environment,
		SPAWN_SAME_IN | SPAWN_OUT | SPAWN_ERR, err) == -1) {
		compose_failed(err);
		goto out;
	}
	read_result = message_read(message, program.child.out, false, &failure);
	close(program.child.out);
	program.child.out = -1;
	if (credential_program_finish(&program, clock_now_ms() + END_LIMIT_MS,
		NULL, &status, err) == -1)
		goto out;
	if (status != 0)
		credential_program_explain(&program, PROGRAM_NAME, status,
		    compose_exit_code(status), err);
	else if (read_result == -1)
		*err = failure;
	else
		result = 0;
out:
	credential_program_done(&program);
	free((void *)environment);
	return result;
}

static int
compose_failed(struct error *err)
{
	if (error_is_shortage(err->sys_errno))
		return -1;
	return error_hint(err,
	    "install " PROGRAM_NAME
	    ", or set POSTRIDER_EXEC_PATH to its directory");
}

static enum error_code
compose_exit_code(int status)
{
	for (enum error_code code = ERROR_USAGE; code < ERROR_CODE_COUNT;
	     code++) {
		if (error_exit_status(code) == status)
			return code;
	}
	return ERROR_SYSTEM;
}
