/* SPDX-License-Identifier: MIT */
/*
 * Starts the git credential helper that a setting names.
 */
#include "credential/git-helper.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/words.h"

enum {
	TEXT_MAX = 8192,
	WORDS_MAX = 16
};

#define BLANKS " \t"

/* The command line. Word 0 is reserved for "git", see git_helper_run. */
struct command_line {
	char *word[1 + WORDS_MAX + 2];
	size_t count; /* the next free word */
};

static int git_helper_split(char *text, struct command_line *line,
    struct error *err);
static int git_helper_run(struct command_line *line, const char *operation,
    const struct credential_message *message,
    struct credential_program *program, struct error *err);
static int git_helper_not_started(const char *helper, struct error *err);

int
git_helper_start(const char *helper, const char *operation,
    const struct credential_message *message,
    struct credential_program *program, struct error *err)
{
	const char *prefix = *helper == '/' ? "" : "git-credential-";
	struct command_line line = {.count = 1};
	struct buf text;
	int result = -1;

	if (*helper == '!') {
		error_set(err, ERROR_CONFIG,
		    "credential-helper: a helper that begins with \"!\" is "
		    "not supported");
		return error_hint(err,
		    "to run a command in a shell, set credential = "
		    "\"command:...\"");
	}
	buf_init(&text, TEXT_MAX);
	if (buf_addf(&text, err, "%s%s", prefix, helper) == 0 &&
	    git_helper_split(text.data, &line, err) == 0)
		result =
		    git_helper_run(&line, operation, message, program, err);
	if (result == -1 && err->code == ERROR_SYSTEM &&
	    !error_is_shortage(err->sys_errno))
		git_helper_not_started(helper, err);
	buf_done(&text);
	return result;
}

void
git_helper_name(const char *helper, char out[GIT_HELPER_NAME_SIZE])
{
	snprintf(out, GIT_HELPER_NAME_SIZE, "credential-helper \"%.*s\"",
	    (int)strcspn(helper, BLANKS), helper);
}

static int
git_helper_split(char *text, struct command_line *line, struct error *err)
{
	size_t count = 0;

	if (words_split(text, line->word + line->count, WORDS_MAX, &count) ==
	    -1)
		return error_set(err, ERROR_CONFIG,
		    "credential-helper: more than %d words", WORDS_MAX);
	line->count += count;
	return 0;
}

/*
 * The helpers that are part of git (store, cache) are not in PATH, so a helper
 * that isn't found is started as "git credential-NAME".
 */
static int
git_helper_run(struct command_line *line, const char *operation,
    const struct credential_message *message,
    struct credential_program *program, struct error *err)
{
	static const char git[] = "git-";
	char **word = line->word;

	program->is_configured = true;
	word[line->count] = (char *)operation;
	word[line->count + 1] = NULL;
	if (credential_program_start(program, word + 1, message, err) == 0)
		return 0;
	if (err->sys_errno != ENOENT || !text_has_prefix(word[1], git))
		return -1;
	word[0] = "git";
	word[1] += strlen(git);
	return credential_program_start(program, word, message, err);
}

static int
git_helper_not_started(const char *helper, struct error *err)
{
	struct error cause = *err;
	char name[GIT_HELPER_NAME_SIZE];

	git_helper_name(helper, name);
	return error_set(err, ERROR_CONFIG, "%s: %s", name, cause.message);
}
