/* SPDX-License-Identifier: MIT */
/* Prompts for the password of an account. */
#include "credential/prompt.h"

#include "base/buf.h"
#include "credential/source.h"
#include "credential/terminal.h"

enum {
	QUESTION_MAX = 2048
};

static int prompt_compose(const struct credential_request *request,
    const char *reason, struct buf *question, struct error *err);

int
credential_prompt(const struct credential_request *request, const char *reason,
    struct secret *secret, struct error *err)
{
	struct buf question;
	int result;

	buf_init(&question, QUESTION_MAX);
	result = prompt_compose(request, reason, &question, err);
	if (result == 0)
		result = terminal_ask_until(buf_text(&question), false,
		    credential_final_deadline(request), secret, err);
	if (result == 0 && secret_len(secret) == 0)
		result = error_set(err, ERROR_AUTH, "no password was entered");
	buf_done(&question);
	return result;
}

static int
prompt_compose(const struct credential_request *request, const char *reason,
    struct buf *question, struct error *err)
{
	char description[CREDENTIAL_DESCRIPTION_SIZE];

	if (reason != NULL && buf_addf(question, err, "%s\n", reason) == -1)
		return -1;
	credential_describe(request, description);
	return buf_addf(question, err, "password for %s: ", description);
}
