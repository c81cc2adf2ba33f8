/* SPDX-License-Identifier: MIT */
/*
 * The question for a password. Knows nothing of where else one could come from.
 */
#include "credential/prompt.h"

#include "base/buf.h"
#include "credential/source.h"
#include "credential/terminal.h"

enum {
	QUESTION_MAX = 2048
};

static int compose_question(const struct credential_request *request,
    const char *why, struct buf *question, struct error *err);

int
credential_prompt(const struct credential_request *request, const char *why,
    struct secret *secret, struct error *err)
{
	struct buf question;
	int result;

	buf_init(&question, QUESTION_MAX);
	result = compose_question(request, why, &question, err);
	if (result == 0)
		result = terminal_ask(buf_text(&question), false, secret, err);
	if (result == 0 && secret_len(secret) == 0)
		result = error_set(err, ERROR_AUTH, "no password was typed");
	buf_done(&question);
	return result;
}

static int
compose_question(const struct credential_request *request, const char *why,
    struct buf *question, struct error *err)
{
	char subject[CREDENTIAL_SUBJECT_SIZE];

	if (why != NULL && buf_addf(question, err, "%s\n", why) == -1)
		return -1;
	credential_subject(request, subject);
	return buf_addf(question, err, "password for %s: ", subject);
}
