/* SPDX-License-Identifier: MIT */
/*
 * From the words of a configuration to a running git credential helper. Doesn't
 * know what it is asked.
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

/* What is run. Word 0 stays free for "git", see start_words. */
struct command_line {
	char *word[1 + WORDS_MAX + 2];
	size_t count; /* the next free word */
};

static int split_words(char *text, struct command_line *line,
    struct error *err);
static int start_words(struct command_line *line, const char *operation,
    const struct credential_message *message,
    struct credential_program *program, struct error *err);
static int not_started(const char *helper, struct error *err);

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
		    "credential-helper \"%s\": no shell runs it", helper);
		return error_hint(err,
		    "credential = \"command:...\" is run by a shell");
	}
	buf_init(&text, TEXT_MAX);
	if (buf_addf(&text, err, "%s%s", prefix, helper) == 0 &&
	    split_words(text.data, &line, err) == 0)
		result = start_words(&line, operation, message, program, err);
	if (result == -1 && err->code == ERROR_SYSTEM)
		not_started(helper, err);
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
split_words(char *text, struct command_line *line, struct error *err)
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
 * git keeps its own helpers (store, cache) out of PATH, and finds them itself.
 */
static int
start_words(struct command_line *line, const char *operation,
    const struct credential_message *message,
    struct credential_program *program, struct error *err)
{
	static const char git[] = "git-";
	char **word = line->word;

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
not_started(const char *helper, struct error *err)
{
	struct error cause = *err;

	return error_set(err, ERROR_CONFIG, "credential-helper \"%s\": %s",
	    helper, cause.message);
}
