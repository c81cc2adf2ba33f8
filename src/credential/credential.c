/* SPDX-License-Identifier: MIT */
/*
 * Selects the source of a credential from a table, and fetches the credential
 * from it. Prompts for a password if the keyring has none.
 */
#include "credential/credential.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/words.h"
#include "credential/prompt.h"
#include "credential/source.h"

static const struct credential_source sources[] = {
    {"keyring", "keyring", true, credential_helper_start,
	credential_helper_await},
    {"env", "env:NAME", false, credential_variable_start,
	credential_variable_await},
    {"file", "file:PATH", false, NULL, credential_file_await},
    {"systemd", "systemd:NAME", false, NULL, credential_systemd_await},
    {"command", "command:COMMAND", false, credential_command_start,
	credential_command_await},
};

enum {
	SOURCE_COUNT = sizeof sources / sizeof sources[0]
};

static struct credential *
credential_copy_request(const struct credential_request *request,
    struct error *err);
static int credential_copy_texts(struct credential_request *request);
static const char *credential_default_source(void);
static int credential_find_source(struct credential *credential,
    struct error *err);
static int credential_unknown_source(struct error *err);
static int64_t credential_next_deadline(const struct credential *credential);
static int credential_restart(struct credential *credential, struct error *err);
static void credential_add_cause(struct error *err);
static int credential_obtain(struct credential *credential, struct error *err);
static int credential_fall_back_to_prompt(struct credential *credential,
    struct error *err);

struct credential *
credential_start(const struct credential_request *request, struct error *err)
{
	struct credential *credential = credential_copy_request(request, err);

	if (credential == NULL)
		return NULL;
	credential->secret = secret_new(err);
	if (credential->secret == NULL ||
	    credential_find_source(credential, err) == -1)
		goto out;
	if (credential->source->start == NULL ||
	    credential->source->start(credential, err) == 0)
		return credential;
out:
	credential_free(credential);
	return NULL;
}

int
credential_await(struct credential *credential,
    const struct secret **ret_secret, struct error *err)
{
	if (credential->is_awaited &&
	    credential->failure.code == ERROR_TEMPORARY &&
	    credential_restart(credential, err) == -1)
		return -1;
	if (!credential->is_awaited) {
		struct error failure = {.code = ERROR_NONE};

		credential_obtain(credential, &failure);
		credential_add_cause(&failure);
		credential->failure = failure;
		credential->is_awaited = true;
		credential_program_done(&credential->program);
	}
	if (credential->failure.code != ERROR_NONE) {
		*err = credential->failure;
		return -1;
	}
	*ret_secret = credential->secret;
	return 0;
}

/* Where the source has not said what is wrong. */
static void
credential_add_cause(struct error *err)
{
	if (err->cause != NULL)
		return;
	if (err->code == ERROR_AUTH)
		error_set_cause(err, "no-credential");
	else if (err->code == ERROR_KEYRING)
		error_set_cause(err, "keyring");
}

bool
credential_take_warning(struct credential *credential,
    struct error *ret_warning)
{
	if (credential->warning.code == ERROR_NONE)
		return false;
	*ret_warning = credential->warning;
	credential->warning.code = ERROR_NONE;
	return true;
}

int64_t
credential_expires_at(const struct credential *credential)
{
	return credential->expires_at;
}

bool
credential_is_from_prompt(const struct credential *credential)
{
	return credential->is_from_prompt;
}

bool
credential_may_renew(const struct credential *credential)
{
	return credential->request.is_token &&
	    credential->source->start == credential_helper_start &&
	    credential->is_awaited && credential->failure.code == ERROR_NONE &&
	    !credential->is_renewed;
}

int
credential_prepare_renewal(struct credential *credential, struct error *err)
{
	const struct credential_request *request = &credential->request;

	if (request->launcher == NULL || !request->is_token ||
	    credential->source->start != credential_helper_start)
		return 0;
	return credential_helper_register(request, "erase", err);
}

int
credential_renew(struct credential *credential, struct error *err)
{
	struct credential_request request = credential->request;

	credential->is_renewed = true;
	request.deadline_ms = credential_next_deadline(credential);
	if (credential_erase(&request, credential->secret, err) == -1)
		return -1;
	return credential_restart(credential, err);
}

void
credential_forget_variables(const char *source)
{
	static const char prefix[] = "env:";

	credential_variable_forget(CREDENTIAL_VARIABLE);
	if (source != NULL && text_has_prefix(source, prefix))
		credential_variable_forget(source + strlen(prefix));
}

void
credential_free(struct credential *credential)
{
	if (credential == NULL)
		return;
	credential_program_done(&credential->program);
	secret_free(credential->secret);
	free((char *)credential->request.account);
	free((char *)credential->request.host);
	free((char *)credential->request.user);
	free((char *)credential->request.source);
	free((char *)credential->request.helper);
	words_free((char **)credential->request.selection);
	free(credential);
}

void
credential_describe(const struct credential_request *request,
    char out[CREDENTIAL_DESCRIPTION_SIZE])
{
	const char *user = request->user;

	text_format_printable(out, CREDENTIAL_DESCRIPTION_SIZE, "%s%s%s",
	    user != NULL ? user : "", user != NULL ? " at " : "",
	    request->host);
}

int64_t
credential_final_deadline(const struct credential_request *request)
{
	return request->final_deadline_ms != 0 ? request->final_deadline_ms
					       : INT64_MAX;
}

static struct credential *
credential_copy_request(const struct credential_request *request,
    struct error *err)
{
	static char *const none[] = {NULL};
	struct credential *credential = calloc(1, sizeof *credential);
	struct credential_request *copy;

	if (credential == NULL) {
		error_no_memory(err);
		return NULL;
	}
	credential_program_init(&credential->program);
	credential->limit_ms = request->deadline_ms - clock_now_ms();
	copy = &credential->request;
	*copy = *request;
	if (copy->source == NULL)
		copy->source = credential_default_source();
	if (copy->selection == NULL)
		copy->selection = none;
	if (credential_copy_texts(copy) == 0)
		return credential;
	error_no_memory(err);
	credential_free(credential);
	return NULL;
}

/* Replaces the texts by copies, or by NULL. */
static int
credential_copy_texts(struct credential_request *request)
{
	const char **const texts[] = {&request->account, &request->host,
	    &request->user, &request->source, &request->helper};
	struct error ignored;
	int result = 0;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (*texts[i] == NULL)
			continue;
		*texts[i] = strdup(*texts[i]);
		if (*texts[i] == NULL)
			result = -1;
	}
	request->selection = words_copy(request->selection, &ignored);
	return request->selection != NULL ? result : -1;
}

static const char *
credential_default_source(void)
{
	const char *value = getenv(CREDENTIAL_VARIABLE);

	if (value != NULL && *value != '\0')
		return "env:" CREDENTIAL_VARIABLE;
	return "keyring";
}

static int
credential_find_source(struct credential *credential, struct error *err)
{
	const char *text = credential->request.source;
	const char *colon = strchr(text, ':');
	size_t len = colon != NULL ? (size_t)(colon - text) : strlen(text);

	for (size_t i = 0; i < SOURCE_COUNT; i++) {
		const struct credential_source *source = &sources[i];
		bool wants_argument = strchr(source->usage, ':') != NULL;
		bool has_argument = colon != NULL && colon[1] != '\0';

		if (!text_is(text, len, source->name))
			continue;
		if (wants_argument != has_argument)
			return error_set(err, ERROR_CONFIG,
			    "credential: invalid form of \"%s\": use \"%s\"",
			    source->name, source->usage);
		credential->source = source;
		credential->argument = has_argument ? colon + 1 : NULL;
		return 0;
	}
	return credential_unknown_source(err);
}

/* The error doesn't contain the text, which may be a password by mistake. */
static int
credential_unknown_source(struct error *err)
{
	error_set(err, ERROR_CONFIG,
	    "credential: unknown source; use keyring, env:NAME, file:PATH, "
	    "systemd:NAME or command:COMMAND");
	return error_hint(err,
	    "to store a password in the keyring, use \"postrider login\"");
}

static int64_t
credential_next_deadline(const struct credential *credential)
{
	return clock_earlier_ms(clock_now_ms() + credential->limit_ms,
	    credential_final_deadline(&credential->request));
}

/* Fetches again, with the same time limit. */
static int
credential_restart(struct credential *credential, struct error *err)
{
	credential_program_done(&credential->program);
	credential_program_init(&credential->program);
	secret_free(credential->secret);
	credential->secret = secret_new(err);
	if (credential->secret == NULL)
		return -1;
	credential->is_awaited = false;
	credential->failure = (struct error){.code = ERROR_NONE};
	credential->expires_at = 0;
	credential->request.deadline_ms = credential_next_deadline(credential);
	if (credential->source->start == NULL)
		return 0;
	return credential->source->start(credential, err);
}

static int
credential_obtain(struct credential *credential, struct error *err)
{
	const struct credential_request *request = &credential->request;

	if (credential->source->await(credential, err) == 0)
		return 0;
	if (!credential->source->may_prompt || !request->prompt ||
	    request->is_token)
		return -1;
	if (err->code != ERROR_AUTH && err->code != ERROR_KEYRING)
		return -1;
	return credential_fall_back_to_prompt(credential, err);
}

/* Leaves err unchanged if there is no terminal. */
static int
credential_fall_back_to_prompt(struct credential *credential, struct error *err)
{
	const char *reason = err->code == ERROR_KEYRING ? err->message : NULL;
	struct error refusal;

	if (credential_prompt(&credential->request, reason, credential->secret,
		&refusal) == 0) {
		err->code = ERROR_NONE;
		credential->is_from_prompt = true;
		return 0;
	}
	if (refusal.code != ERROR_INPUT)
		*err = refusal;
	return -1;
}
