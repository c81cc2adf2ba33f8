/* SPDX-License-Identifier: MIT */
/*
 * Composes the command line of a helper program, and explains the exit status
 * of one, or of a git credential helper in its place. Reads no answer.
 */
#include "credential/invocation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exec-path.h"
#include "credential/exit-status.h"

enum {
	TEXT_MAX = 8192,
	SIGNAL_BASE = 128 /* spawn_wait adds it to the signal */
};

static int invocation_add_program(struct invocation *invocation,
    const char *program, struct error *err);
static void invocation_add_words(struct invocation *invocation,
    char *const *words);
static void invocation_add_word(struct invocation *invocation,
    const char *word);
static size_t invocation_count_words(char *const *word);
static enum error_code
invocation_status_code(const struct credential_request *request, int status);

void
invocation_init(struct invocation *invocation)
{
	*invocation = (struct invocation){0};
	buf_init(&invocation->text, TEXT_MAX);
}

void
invocation_done(struct invocation *invocation)
{
	free((void *)invocation->word);
	buf_done(&invocation->text);
	invocation_init(invocation);
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
invocation_compose(struct invocation *invocation, const char *program,
    char *const *selection, const char *operation, char *const *more,
    struct error *err)
{
	size_t size = 3 + invocation_count_words(selection) +
	    invocation_count_words(more);

	invocation->word = calloc(size, sizeof *invocation->word);
	if (invocation->word == NULL)
		return error_no_memory(err);
	if (invocation_add_program(invocation, program, err) == -1)
		return -1;
	invocation_add_words(invocation, selection);
	invocation_add_word(invocation, operation);
	invocation_add_words(invocation, more);
	return 0;
}

int
invocation_failed(const char *program, struct error *err)
{
	struct error cause = *err;

	if (error_is_shortage(err->sys_errno))
		return -1;
	if (strcmp(program, INVOCATION_OAUTH2) == 0)
		return error_hint(err,
		    "install postrider-oauth2, or set POSTRIDER_EXEC_PATH to "
		    "its directory");
	error_set(err, ERROR_KEYRING, "the keyring can't be used: %s",
	    cause.message);
	return error_hint(err,
	    "install postrider-credential, or set another source with "
	    "\"credential\"");
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

static int
invocation_add_program(struct invocation *invocation, const char *program,
    struct error *err)
{
	if (exec_path_find(program, &invocation->text, err) == -1)
		return -1;
	invocation_add_word(invocation, invocation->text.data);
	return 0;
}

static void
invocation_add_words(struct invocation *invocation, char *const *words)
{
	for (size_t i = 0; i < invocation_count_words(words); i++)
		invocation_add_word(invocation, words[i]);
}

/* invocation_compose has allocated enough. execve(2) doesn't change the words.
 */
static void
invocation_add_word(struct invocation *invocation, const char *word)
{
	invocation->word[invocation->count++] = (char *)word;
}

static size_t
invocation_count_words(char *const *word)
{
	size_t count = 0;

	while (word != NULL && word[count] != NULL)
		count++;
	return count;
}

/* If the program was killed while it got a token, a retry may succeed. For a
 * password, credential_await prompts instead. */
static enum error_code
invocation_status_code(const struct credential_request *request, int status)
{
	enum error_code code = credential_exit_code(status);

	if (request->is_token && status > SIGNAL_BASE)
		return ERROR_TEMPORARY;
	if (invocation_is_keeper(request) || code == ERROR_AUTH ||
	    code == ERROR_CONFIG || code == ERROR_DATA)
		return code;
	return ERROR_KEYRING; /* git helpers have other exit statuses */
}
