/* SPDX-License-Identifier: MIT */
/*
 * Composes the command line of a helper program, and explains the exit status
 * of one, or of a git credential helper in its place. Reads no answer.
 */
#include "credential/invocation.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exec-path.h"
#include "credential/exit-status.h"

static char **invocation_compose(const struct invocation *invocation,
    struct error *err);
static char *invocation_path(const char *program, struct error *err);
static size_t invocation_count_words(char *const *word);
static size_t invocation_add_words(char **word, char *const *more);
static int invocation_failed(const char *program, struct error *err);
static enum error_code
invocation_status_code(const struct credential_request *request, int status);

int
invocation_check(const char *program, struct error *err)
{
#ifdef HAVE_OAUTH2
	(void)program;
	(void)err;
	return 0;
#else
	if (strcmp(program, INVOCATION_OAUTH2) != 0)
		return 0;
	error_set(err, ERROR_CONFIG,
	    "this build of postrider has no " INVOCATION_OAUTH2);
	return error_hint(err,
	    "sign in with a password or an app password, or install a build "
	    "with OAuth2");
#endif
}

int
invocation_start(const struct invocation *invocation,
    struct credential_program *program, struct error *err)
{
	char **word;
	int result;

	if (invocation_check(invocation->program, err) == -1)
		return -1;
	word = invocation_compose(invocation, err);
	if (word == NULL)
		return -1;
	result = invocation->is_interactive
	    ? credential_program_start_interactive(program, word,
		  invocation->input, invocation->is_quiet, err)
	    : credential_program_start(program, word, invocation->input, err);
	if (result == -1 && err->code == ERROR_SYSTEM)
		invocation_failed(invocation->program, err);
	free(*word);
	free((void *)word);
	return result;
}

bool
invocation_is_keeper(const struct credential_request *request)
{
	return request->helper == NULL || request->is_token;
}

void
invocation_name(const struct credential_request *request,
    char out[INVOCATION_NAME_SIZE])
{
	const char *helper = request->helper;

	if (request->is_token)
		snprintf(out, INVOCATION_NAME_SIZE, "postrider-credential");
	else if (helper == NULL)
		snprintf(out, INVOCATION_NAME_SIZE, "the keyring");
	else
		git_helper_name(helper, out);
}

int
invocation_explain(const struct credential_request *request,
    const struct credential_program *program, int status, struct error *err)
{
	char name[INVOCATION_NAME_SIZE];

	invocation_name(request, name);
	return credential_program_explain(program, name, status,
	    invocation_status_code(request, status), err);
}

/* The first word is a copy; the others are borrowed, and execve(2) doesn't
 * change them. */
static char **
invocation_compose(const struct invocation *invocation, struct error *err)
{
	size_t size = 3 + invocation_count_words(invocation->selection) +
	    invocation_count_words(invocation->more);
	char **word = calloc(size, sizeof *word);
	size_t count = 1;

	if (word == NULL) {
		error_no_memory(err);
		return NULL;
	}
	*word = invocation_path(invocation->program, err);
	if (*word == NULL) {
		free((void *)word);
		return NULL;
	}
	count += invocation_add_words(word + count, invocation->selection);
	word[count++] = (char *)invocation->operation;
	invocation_add_words(word + count, invocation->more);
	return word;
}

static char *
invocation_path(const char *program, struct error *err)
{
	struct buf path;
	char *result = NULL;

	buf_init(&path, PATH_MAX);
	if (exec_path_find(program, &path, err) == 0)
		result = buf_take(&path);
	buf_done(&path);
	return result;
}

static size_t
invocation_count_words(char *const *word)
{
	size_t count = 0;

	while (word != NULL && word[count] != NULL)
		count++;
	return count;
}

static size_t
invocation_add_words(char **word, char *const *more)
{
	size_t count = invocation_count_words(more);

	for (size_t i = 0; i < count; i++)
		word[i] = more[i];
	return count;
}

/* Says the way out, unless memory or descriptors ran out. */
static int
invocation_failed(const char *program, struct error *err)
{
	struct error cause = *err;
	struct buf refused;

	if (error_is_shortage(err->sys_errno))
		return -1;
	if (strcmp(program, INVOCATION_OAUTH2) != 0)
		error_set(err, ERROR_KEYRING, "the keyring can't be used: %s",
		    cause.message);
	error_set_cause(err, "credential-program");
	buf_init(&refused, PATH_MAX);
	if (exec_path_is_refused(program, &refused))
		error_hint(err,
		    "%s is not used, because others may change it: run chmod "
		    "go-w on it and its directory, or set POSTRIDER_EXEC_PATH "
		    "to its directory",
		    refused.data);
	else
		error_hint(err,
		    "install %s, or set POSTRIDER_EXEC_PATH to its directory",
		    program);
	buf_done(&refused);
	return -1;
}

/* If the program was killed while it got a token, a retry may succeed. For a
 * password, credential_await prompts instead. */
static enum error_code
invocation_status_code(const struct credential_request *request, int status)
{
	enum error_code code = credential_exit_code(status);

	if (request->is_token && status > SPAWN_SIGNAL_BASE)
		return ERROR_TEMPORARY;
	if (invocation_is_keeper(request) || code == ERROR_AUTH ||
	    code == ERROR_CONFIG || code == ERROR_DATA)
		return code;
	return ERROR_KEYRING; /* git helpers have other exit statuses */
}
