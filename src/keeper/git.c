/* SPDX-License-Identifier: MIT */
/*
 * get, store and erase, for postrider and for git. A refresh token is never in
 * an answer.
 */
#include "keeper/operations.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "keeper/access.h"
#include "keeper/entry.h"

static void announce_refresh(void);
static int answer(const struct subject *subject,
    struct credential_message *entry, struct error *err);

int
operation_get(const struct operation_request *request, struct error *err)
{
	const struct subject *subject = request->subject;
	const struct vault_key key = subject_key(subject, VAULT_PASSWORD);
	struct credential_message entry;
	int result = subject_has_tokens(subject)
	    ? access_get(subject, request->options->min_valid_ms,
		  announce_refresh, &entry, err)
	    : vault_load(subject->vault, &key, &entry, err);

	if (result == -1)
		return -1;
	if (entry.password != NULL)
		result = answer(subject, &entry, err);
	credential_message_done(&entry);
	return result;
}

/* git stores what worked: of a token that is an old copy by now. */
int
operation_store(const struct operation_request *request, struct error *err)
{
	const struct subject *subject = request->subject;
	const struct vault_key key = subject_key(subject, VAULT_PASSWORD);

	if (subject_has_tokens(subject) || request->question->password == NULL)
		return 0;
	return vault_store(subject->vault, &key, request->question, err);
}

/* git erases what a server refused; a newer one may be there by now. */
int
operation_erase(const struct operation_request *request, struct error *err)
{
	const struct subject *subject = request->subject;
	const struct secret *refused = request->question->password;
	const struct vault_key key = subject_key(subject, VAULT_PASSWORD);
	struct credential_message entry;
	bool is_meant;

	if (subject_has_tokens(subject) && refused == NULL)
		return 0;
	if (subject_has_tokens(subject))
		return access_refuse(subject, refused, announce_refresh, err);
	if (refused == NULL)
		return vault_erase(subject->vault, &key, err);
	if (vault_load(subject->vault, &key, &entry, err) == -1)
		return -1;
	is_meant = entry_has_token(&entry, refused);
	credential_message_done(&entry);
	return is_meant ? vault_erase(subject->vault, &key, err) : 0;
}

void
operation_announce_prompt(void)
{
	fputs("wait: the keyring asks for its password\n", stderr);
}

static void
announce_refresh(void)
{
	fputs("wait: a new token is being asked for\n", stderr);
}

/* Only what is good for signing in. */
static int
answer(const struct subject *subject, struct credential_message *entry,
    struct error *err)
{
	const char *expiry = entry->value[CREDENTIAL_PASSWORD_EXPIRY];
	struct credential_message message;
	int result;

	credential_message_init(&message);
	message.password = entry->password;
	entry->password = NULL;
	result = credential_message_set(&message, CREDENTIAL_USERNAME,
	    subject->user, err);
	if (result == 0 && expiry != NULL)
		result = credential_message_set(&message,
		    CREDENTIAL_PASSWORD_EXPIRY, expiry, err);
	if (result == 0)
		result = credential_message_write(&message, STDOUT_FILENO, err);
	credential_message_done(&message);
	return result;
}
