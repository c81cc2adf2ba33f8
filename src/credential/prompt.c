/* SPDX-License-Identifier: MIT */
/* Prompts for the password of an account. */
#include "credential/prompt.h"

#include <stdlib.h>

#include "base/text.h"
#include "credential/source.h"
#include "credential/terminal.h"

int
credential_prompt(const struct credential_request *request, const char *reason,
    struct secret *secret, struct error *err)
{
	char description[CREDENTIAL_DESCRIPTION_SIZE];
	char *question;
	int result;

	credential_describe(request, description);
	question = text_format(err,
	    "%s%s%s for %s: ", reason != NULL ? reason : "",
	    reason != NULL ? "\n" : "",
	    request->kind != NULL ? request->kind : "password", description);
	if (question == NULL)
		return -1;
	result = terminal_ask_until(question, false,
	    credential_final_deadline(request), secret, err);
	free(question);
	if (result == 0 && secret_len(secret) == 0)
		result = error_set(err, ERROR_AUTH, "no password was entered");
	return result;
}
