/* SPDX-License-Identifier: MIT */
/*
 * Starts the git credential helper that a setting names.
 */
#include "credential/git-helper.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/words.h"

enum {
	WORDS_MAX = 16
};

#define BLANKS " \t"

static int git_helper_run(char *text, const char *operation,
    const struct credential_message *message,
    struct credential_program *program, struct error *err);

int
git_helper_start(const char *helper, const char *operation,
    const struct credential_message *message,
    struct credential_program *program, struct error *err)
{
	const char *prefix = *helper == '/' ? "" : "git-credential-";
	char name[GIT_HELPER_NAME_SIZE];
	char *text;
	int result;

	if (*helper == '!') {
		error_set(err, ERROR_CONFIG,
		    "credential-helper: a helper that begins with \"!\" is "
		    "not supported");
		return error_hint(err,
		    "to run a command in a shell, set credential = "
		    "\"command:...\"");
	}
	text = text_format(err, "%s%s", prefix, helper);
	if (text == NULL)
		return -1;
	result = git_helper_run(text, operation, message, program, err);
	free(text);
	if (result == -1 && err->code == ERROR_SYSTEM &&
	    !error_is_shortage(err->sys_errno)) {
		struct error cause = *err;

		git_helper_name(helper, name);
		error_set(err, ERROR_CONFIG, "%s: %s", name, cause.message);
	}
	return result;
}

void
git_helper_name(const char *helper, char out[GIT_HELPER_NAME_SIZE])
{
	snprintf(out, GIT_HELPER_NAME_SIZE, "credential-helper \"%.*s\"",
	    (int)strcspn(helper, BLANKS), helper);
}

/*
 * The helpers that are part of git (store, cache) are not in PATH, so a helper
 * that isn't found is started as "git credential-NAME".
 */
static int
git_helper_run(char *text, const char *operation,
    const struct credential_message *message,
    struct credential_program *program, struct error *err)
{
	static const char git[] = "git-";
	char *word[1 + WORDS_MAX + 2] = {"git"};
	size_t count = 0;

	if (words_split(text, word + 1, WORDS_MAX, &count) == -1)
		return error_set(err, ERROR_CONFIG,
		    "credential-helper: more than %d words", WORDS_MAX);
	program->is_configured = true;
	word[count + 1] = (char *)operation;
	if (credential_program_start(program, word + 1, message, err) == 0)
		return 0;
	if (err->sys_errno != ENOENT || !text_has_prefix(word[1], git))
		return -1;
	word[1] += strlen(git);
	return credential_program_start(program, word, message, err);
}
