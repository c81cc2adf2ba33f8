/* SPDX-License-Identifier: MIT */
/*
 * Runs the operation autoconfig of postrider-oauth2. Knows no XML and no HTTP.
 */
#include "credential/autoconfig.h"

#include <stdlib.h>

#include "credential/exit-status.h"
#include "credential/invocation.h"
#include "credential/program.h"

struct autoconfig_query {
	struct credential_program program;
};

struct autoconfig_query *
autoconfig_query_start(char *const *selection, bool well_known,
    struct error *err)
{
	char option[] = "--well-known";
	char *more[] = {well_known ? option : NULL, NULL};
	const struct invocation invocation = {.program = INVOCATION_OAUTH2,
	    .selection = selection,
	    .operation = "autoconfig",
	    .more = more};
	struct autoconfig_query *query = malloc(sizeof *query);

	if (query == NULL) {
		error_no_memory(err);
		return NULL;
	}
	credential_program_init(&query->program);
	if (invocation_start(&invocation, &query->program, err) == 0)
		return query;
	autoconfig_query_free(query);
	return NULL;
}

int
autoconfig_query_await(struct autoconfig_query *query, int64_t deadline_ms,
    struct credential_message *answer, struct error *err)
{
	struct secret *text = secret_new(err);
	int status = 0;
	int result = -1;

	if (text == NULL)
		return -1;
	if (credential_program_await(&query->program, INVOCATION_OAUTH2,
		deadline_ms, text, &status, err) == 0)
		result = status == 0
		    ? credential_message_parse(answer, text, err)
		    : credential_program_explain(&query->program,
			  INVOCATION_OAUTH2, status,
			  credential_exit_code(status), err);
	secret_free(text);
	return result;
}

void
autoconfig_query_free(struct autoconfig_query *query)
{
	if (query == NULL)
		return;
	credential_program_done(&query->program);
	free(query);
}
