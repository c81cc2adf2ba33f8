/* SPDX-License-Identifier: MIT */
/*
 * Decides where a credential comes from, and keeps what came. The sources
 * themselves are rows of a table.
 */
#include "credential/client.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
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

static struct credential *copy_request(const struct credential_request *request,
    struct error *err);
static int copy_text(const char *text, const char **ret_copy,
    struct error *err);
static int copy_selection(char *const *selection, char *const **ret_copy,
    struct error *err);
static void free_selection(char *const *selection);
static const char *default_source(void);
static int find_source(struct credential *credential, struct error *err);
static int unknown_source(struct error *err);
static int restart(struct credential *credential, struct error *err);
static int obtain(struct credential *credential, struct error *err);
static int prompt(struct credential *credential, struct error *err);

struct credential *
credential_start(const struct credential_request *request, struct error *err)
{
	struct credential *credential = copy_request(request, err);

	if (credential == NULL)
		return NULL;
	credential->secret = secret_new(err);
	if (credential->secret == NULL || find_source(credential, err) == -1)
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
	    restart(credential, err) == -1)
		return -1;
	if (!credential->is_awaited) {
		struct error failure = {.code = ERROR_NONE};

		obtain(credential, &failure);
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
credential_was_typed(const struct credential *credential)
{
	return credential->is_typed;
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
credential_renew(struct credential *credential, struct error *err)
{
	struct credential_request request = credential->request;

	credential->is_renewed = true;
	request.deadline_ms = clock_now_ms() + credential->limit_ms;
	if (credential_erase(&request, credential->secret, err) == -1)
		return -1;
	return restart(credential, err);
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
	free_selection(credential->request.selection);
	free(credential);
}

void
credential_subject(const struct credential_request *request,
    char out[CREDENTIAL_SUBJECT_SIZE])
{
	const char *user = request->user;

	text_format_printable(out, CREDENTIAL_SUBJECT_SIZE, "%s%s%s",
	    user != NULL ? user : "", user != NULL ? " at " : "",
	    request->host);
}

int
credential_out_of_time(const struct credential_request *request,
    int64_t start_ms, const char *name, struct error *err)
{
	int64_t given_ms = request->deadline_ms - start_ms;

	if (given_ms < 0)
		given_ms = 0;
	/* In tenths: the deadline was set a moment before the start. */
	return error_set(err, ERROR_KEYRING, "%s didn't answer within %.1f s",
	    name, (double)given_ms / 1000);
}

static struct credential *
copy_request(const struct credential_request *request, struct error *err)
{
	struct credential *credential = calloc(1, sizeof *credential);
	struct credential_request *copy;
	const char *source = request->source;

	if (credential == NULL) {
		error_no_memory(err);
		return NULL;
	}
	credential_program_init(&credential->program);
	credential->start_ms = clock_now_ms();
	copy = &credential->request;
	copy->port = request->port;
	copy->prompt = request->prompt;
	copy->deadline_ms = request->deadline_ms;
	copy->is_token = request->is_token;
	copy->min_valid_ms = request->min_valid_ms;
	credential->limit_ms = request->deadline_ms - credential->start_ms;
	if (source == NULL)
		source = default_source();
	if (copy_text(request->account, &copy->account, err) == 0 &&
	    copy_text(request->host, &copy->host, err) == 0 &&
	    copy_text(request->user, &copy->user, err) == 0 &&
	    copy_text(source, &copy->source, err) == 0 &&
	    copy_text(request->helper, &copy->helper, err) == 0 &&
	    copy_selection(request->selection, &copy->selection, err) == 0)
		return credential;
	credential_free(credential);
	return NULL;
}

static int
copy_text(const char *text, const char **ret_copy, struct error *err)
{
	if (text == NULL)
		return 0;
	*ret_copy = strdup(text);
	return *ret_copy != NULL ? 0 : error_no_memory(err);
}

static int
copy_selection(char *const *selection, char *const **ret_copy,
    struct error *err)
{
	size_t count = 0;
	char **copy;

	while (selection != NULL && selection[count] != NULL)
		count++;
	copy = calloc(count + 1, sizeof *copy);
	if (copy == NULL)
		return error_no_memory(err);
	*ret_copy = copy;
	for (size_t i = 0; i < count; i++) {
		copy[i] = strdup(selection[i]);
		if (copy[i] == NULL)
			return error_no_memory(err);
	}
	return 0;
}

static void
free_selection(char *const *selection)
{
	for (size_t i = 0; selection != NULL && selection[i] != NULL; i++)
		free(selection[i]);
	free((void *)selection);
}

static const char *
default_source(void)
{
	const char *value = getenv(CREDENTIAL_VARIABLE);

	if (value != NULL && *value != '\0')
		return "env:" CREDENTIAL_VARIABLE;
	return "keyring";
}

static int
find_source(struct credential *credential, struct error *err)
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
			    "credential: \"%s\" is written \"%s\"",
			    source->name, source->usage);
		credential->source = source;
		credential->argument = has_argument ? colon + 1 : NULL;
		return 0;
	}
	return unknown_source(err);
}

/* Doesn't repeat the text: it may well be a password. */
static int
unknown_source(struct error *err)
{
	error_set(err, ERROR_CONFIG,
	    "credential: neither \"keyring\", \"env:NAME\", \"file:PATH\", "
	    "\"systemd:NAME\" nor \"command:COMMAND\"");
	return error_hint(err,
	    "a password doesn't belong there: \"postrider login\" puts it into "
	    "the keyring");
}

/* As if it had never been asked for, with as much time as at first. */
static int
restart(struct credential *credential, struct error *err)
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
	credential->start_ms = clock_now_ms();
	credential->request.deadline_ms =
	    credential->start_ms + credential->limit_ms;
	if (credential->source->start == NULL)
		return 0;
	return credential->source->start(credential, err);
}

static int
obtain(struct credential *credential, struct error *err)
{
	const struct credential_request *request = &credential->request;

	if (credential->source->await(credential, err) == 0)
		return 0;
	if (!credential->source->may_prompt || !request->prompt ||
	    request->is_token)
		return -1;
	if (err->code != ERROR_AUTH && err->code != ERROR_KEYRING)
		return -1;
	return prompt(credential, err);
}

/* Where there is no terminal, the failure stays what it was. */
static int
prompt(struct credential *credential, struct error *err)
{
	const char *why = err->code == ERROR_KEYRING ? err->message : NULL;
	struct error refusal;

	if (credential_prompt(&credential->request, why, credential->secret,
		&refusal) == 0) {
		err->code = ERROR_NONE;
		credential->is_typed = true;
		return 0;
	}
	if (refusal.code != ERROR_INPUT)
		*err = refusal;
	return -1;
}
