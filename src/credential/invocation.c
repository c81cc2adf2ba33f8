/* SPDX-License-Identifier: MIT */
/*
 * The command line of postrider-credential, and what its end means, or that of
 * a helper in its place. Reads no answer.
 */
#include "credential/invocation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "credential/exit-status.h"
#include "install-paths.h"

enum {
	TEXT_MAX = 8192,
	SIGNAL_BASE = 128 /* of what spawn_wait says */
};

static const struct {
	int status;
	enum error_code code;
	bool is_ours; /* a git credential helper means something else */
} status_meanings[] = {
    {EX_NOPERM, ERROR_AUTH, false},
    {EX_CONFIG, ERROR_CONFIG, false},
    {EX_DATAERR, ERROR_DATA, false},
    {EX_NOHOST, ERROR_NO_HOST, true},
    {EX_UNAVAILABLE, ERROR_REFUSED, true},
    {EX_SOFTWARE, ERROR_BUG, true},
    {EX_OSERR, ERROR_SYSTEM, true},
    {EX_CANTCREAT, ERROR_CREATE, true},
    {EX_IOERR, ERROR_IO, true},
    {EX_PROTOCOL, ERROR_SECURITY, true},
    {CREDENTIAL_EXIT_TRY_AGAIN, ERROR_TEMPORARY, true},
};

static int add_keeper(struct invocation *invocation,
    const struct credential_request *request, struct error *err);
static void add_word(struct invocation *invocation, const char *word);
static size_t count_words(char *const *word);
static enum error_code status_code(const struct credential_request *request,
    int status);

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
invocation_compose(struct invocation *invocation,
    const struct credential_request *request, const char *operation,
    char *const *more, struct error *err)
{
	size_t size = 3 + count_words(request->selection) + count_words(more);

	invocation->word = calloc(size, sizeof *invocation->word);
	if (invocation->word == NULL)
		return error_no_memory(err);
	if (add_keeper(invocation, request, err) == -1)
		return -1;
	add_word(invocation, operation);
	for (size_t i = 0; i < count_words(more); i++)
		add_word(invocation, more[i]);
	return 0;
}

int
invocation_failed(struct error *err)
{
	struct error cause = *err;

	error_set(err, ERROR_KEYRING, "the keyring can't be asked: %s",
	    cause.message);
	return error_hint(err,
	    "install postrider-credential, or name another source with "
	    "\"credential\"");
}

int
invocation_explain(const struct credential_request *request,
    const struct credential_program *program, int status, struct error *err)
{
	char name[INVOCATION_NAME_SIZE];

	invocation_name(request, name);
	return credential_program_explain(program, name, status,
	    status_code(request, status), err);
}

static int
add_keeper(struct invocation *invocation,
    const struct credential_request *request, struct error *err)
{
	const char *folder = getenv("POSTRIDER_EXEC_PATH");

	if (folder == NULL || *folder == '\0')
		folder = INSTALL_LIBEXECDIR;
	if (*folder != '/')
		return error_set(err, ERROR_CONFIG,
		    "POSTRIDER_EXEC_PATH: \"%s\" is not an absolute path",
		    folder);
	if (buf_addf(&invocation->text, err, "%s/postrider-credential",
		folder) == -1)
		return -1;
	add_word(invocation, invocation->text.data);
	for (size_t i = 0; i < count_words(request->selection); i++)
		add_word(invocation, request->selection[i]);
	return 0;
}

/* There is room for all. execve(2) doesn't write to the words. */
static void
add_word(struct invocation *invocation, const char *word)
{
	invocation->word[invocation->count++] = (char *)word;
}

static size_t
count_words(char *const *word)
{
	size_t count = 0;

	while (word != NULL && word[count] != NULL)
		count++;
	return count;
}

/* A keeper that was killed says nothing about the token: another one may get
 * it. For a password a person is asked at once. */
static enum error_code
status_code(const struct credential_request *request, int status)
{
	bool is_keeper = invocation_is_keeper(request);

	if (request->is_token && status > SIGNAL_BASE)
		return ERROR_TEMPORARY;
	for (size_t i = 0;
	     i < sizeof status_meanings / sizeof status_meanings[0]; i++) {
		if (status_meanings[i].status == status &&
		    (is_keeper || !status_meanings[i].is_ours))
			return status_meanings[i].code;
	}
	return ERROR_KEYRING;
}
