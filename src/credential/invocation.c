/* SPDX-License-Identifier: MIT */
/*
 * The command lines of those who keep credentials, and what their ends mean.
 * Reads no answer.
 */
#include "credential/invocation.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/text.h"
#include "credential/exit-status.h"
#include "install-paths.h"

enum {
	TEXT_MAX = 8192,
	WORDS_MAX = 16 /* of a helper's command line */
};

#define BLANKS " \t"

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
    {EX_OSERR, ERROR_SYSTEM, true},
    {EX_CANTCREAT, ERROR_CREATE, true},
    {EX_IOERR, ERROR_IO, true},
    {EX_PROTOCOL, ERROR_SECURITY, true},
    {CREDENTIAL_EXIT_TRY_AGAIN, ERROR_TEMPORARY, true},
};

static int add_keeper(struct invocation *invocation,
    const struct credential_request *request, struct error *err);
static int add_helper(struct invocation *invocation, const char *helper,
    struct error *err);
static int split_words(struct invocation *invocation, char *text,
    struct error *err);
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
		snprintf(out, INVOCATION_NAME_SIZE,
		    "credential-helper \"%.*s\"", (int)strcspn(helper, BLANKS),
		    helper);
}

int
invocation_compose(struct invocation *invocation,
    const struct credential_request *request, const char *operation,
    char *const *more, struct error *err)
{
	bool is_keeper = invocation_is_keeper(request);
	size_t size =
	    WORDS_MAX + 4 + count_words(request->selection) + count_words(more);

	invocation->word = calloc(size, sizeof *invocation->word);
	if (invocation->word == NULL)
		return error_no_memory(err);
	invocation->count = 1;
	if ((is_keeper ? add_keeper(invocation, request, err)
		       : add_helper(invocation, request->helper, err)) == -1)
		return -1;
	add_word(invocation, operation);
	for (size_t i = 0; is_keeper && i < count_words(more); i++)
		add_word(invocation, more[i]);
	return 0;
}

/*
 * git keeps its own helpers (store, cache) out of PATH, and finds them itself.
 */
int
invocation_start(struct invocation *invocation,
    const struct credential_message *message,
    struct credential_program *program, struct error *err)
{
	static const char git[] = "git-";
	char **word = invocation->word;

	if (credential_program_start(program, word + 1, message, err) == 0)
		return 0;
	if (err->sys_errno != ENOENT || !text_has_prefix(word[1], git))
		return -1;
	word[0] = (char *)"git";
	word[1] += strlen(git);
	return credential_program_start(program, word, message, err);
}

int
invocation_failed(const struct credential_request *request, struct error *err)
{
	struct error cause = *err;

	if (!invocation_is_keeper(request))
		return error_set(err, ERROR_CONFIG,
		    "credential-helper \"%s\": %s", request->helper,
		    cause.message);
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

static int
add_helper(struct invocation *invocation, const char *helper, struct error *err)
{
	const char *prefix = *helper == '/' ? "" : "git-credential-";

	if (*helper == '!') {
		error_set(err, ERROR_CONFIG,
		    "credential-helper \"%s\": no shell runs it", helper);
		return error_hint(err,
		    "credential = \"command:...\" is run by a shell");
	}
	if (buf_addf(&invocation->text, err, "%s%s", prefix, helper) == -1)
		return -1;
	return split_words(invocation, invocation->text.data, err);
}

static int
split_words(struct invocation *invocation, char *text, struct error *err)
{
	text += strspn(text, BLANKS);
	while (*text != '\0') {
		size_t len = strcspn(text, BLANKS);
		bool is_last = text[len] == '\0';

		if (invocation->count > WORDS_MAX)
			return error_set(err, ERROR_CONFIG,
			    "credential-helper: more than %d words", WORDS_MAX);
		add_word(invocation, text);
		text[len] = '\0';
		text += is_last ? len : len + 1;
		text += strspn(text, BLANKS);
	}
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

static enum error_code
status_code(const struct credential_request *request, int status)
{
	bool is_keeper = invocation_is_keeper(request);

	for (size_t i = 0;
	     i < sizeof status_meanings / sizeof status_meanings[0]; i++) {
		if (status_meanings[i].status == status &&
		    (is_keeper || !status_meanings[i].is_ours))
			return status_meanings[i].code;
	}
	return ERROR_KEYRING;
}
