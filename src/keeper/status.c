/* SPDX-License-Identifier: MIT */
/*
 * status: lines of git's protocol that say how a credential stands, and nothing
 * of what it is.
 */
#include "keeper/operations.h"

#include <stdbool.h>
#include <stdio.h>

#include "keeper/access.h"

static int load(const struct subject *subject, bool has_tokens,
    struct credential_message *ret_entry, struct error *err);
static void print_entry(const char *kind,
    const struct credential_message *entry);

int
operation_status(const struct operation_request *request, struct error *err)
{
	const struct subject *subject = request->subject;
	bool has_tokens = subject_has_tokens(subject);
	struct credential_message entry;

	if (load(subject, has_tokens, &entry, err) == -1)
		return -1;
	if (entry.password == NULL && entry.refresh_token == NULL &&
	    entry.value[CREDENTIAL_REFUSAL] == NULL)
		puts("kind=none");
	else
		print_entry(has_tokens ? "oauth2" : "password", &entry);
	credential_message_done(&entry);
	if (fflush(stdout) == EOF)
		return error_set_errno(err, ERROR_IO, "standard output");
	return 0;
}

static int
load(const struct subject *subject, bool has_tokens,
    struct credential_message *ret_entry, struct error *err)
{
	const struct vault_key key = subject_key(subject, VAULT_PASSWORD);
	struct endpoints endpoints;
	int result = -1;

	if (!has_tokens)
		return vault_load(subject->vault, &key, ret_entry, err);
	if (endpoints_init(&endpoints, subject->account, err) == 0)
		result = access_load(subject, &endpoints, ret_entry, err);
	endpoints_done(&endpoints);
	return result;
}

static void
print_entry(const char *kind, const struct credential_message *entry)
{
	const char *expiry = entry->value[CREDENTIAL_PASSWORD_EXPIRY];
	const char *refusal = entry->value[CREDENTIAL_REFUSAL];

	printf("kind=%s\n", kind);
	if (expiry != NULL)
		printf("password_expiry_utc=%s\n", expiry);
	printf("refreshable=%s\n", entry->refresh_token != NULL ? "yes" : "no");
	if (refusal != NULL)
		printf("refusal=%s\n", refusal);
}
