/* SPDX-License-Identifier: MIT */
/*
 * Prints what would be sent. Does not connect and reads no secret.
 */
#include "cli/dry-run.h"

#include <stdio.h>

#include "cli/credential-place.h"
#include "report/json.h"

enum {
	PIECE_SIZE = 8192
};

static void dry_run_print_account(FILE *out, const struct account *account);
static void dry_run_print_envelope(FILE *out,
    const struct submission *submission);
static int dry_run_print_message(struct message *message, struct error *err);
static void dry_run_print_json(const struct submission *submission);

int
dry_run(struct submission *submission, const struct report *report)
{
	FILE *out = submission->options->composes ? stderr : stdout;
	struct error err;

	if (report->json) {
		dry_run_print_json(submission);
		return 0;
	}
	dry_run_print_account(out, submission->route.account);
	dry_run_print_envelope(out, submission);
	if (dry_run_print_message(&submission->message, &err) == -1)
		return report_failure(report, &err);
	return 0;
}

static void
dry_run_print_account(FILE *out, const struct account *account)
{
	const char *title = account_title(account);
	struct credential_place place;

	credential_place_find(&place, account, credential_place_has_variable());
	fprintf(out, "account    %s (%s)\n", title != NULL ? title : "none",
	    account->found_by);
	if (account->provider != NULL)
		fprintf(out, "provider   %s%s\n", account->provider->name,
		    account->provider_from_dns ? " (known only from DNS)" : "");
	if (account_uses_socket(account))
		fprintf(out, "server     %s\n", account->text[SETTING_HOST]);
	else
		fprintf(out, "server     %s port %u, %s\n",
		    account->text[SETTING_HOST],
		    account_number(account, SETTING_PORT),
		    account->text[SETTING_TLS]);
	if (account->text[SETTING_USER] == NULL)
		fprintf(out, "sign-in    none\n");
	else
		fprintf(out, "sign-in    %sas %s, credential from %s\n",
		    account_signs_in_by_pop(account) ? "by POP3, " : "",
		    account->text[SETTING_USER], place.name);
}

static void
dry_run_print_envelope(FILE *out, const struct submission *submission)
{
	fprintf(out, "sender     <%s>\n", submission->envelope.sender);
	for (size_t i = 0; i < submission->delivery.recipient_count; i++)
		fprintf(out, "recipient  <%s>\n",
		    submission->delivery.recipient[i].address);
	fprintf(out, "message    %llu bytes%s\n\n",
	    (unsigned long long)submission->message.wire_size,
	    submission->message.has_8bit ? ", 8-bit" : "");
}

static int
dry_run_print_message(struct message *message, struct error *err)
{
	char piece[PIECE_SIZE];
	long len;

	message_rewind(message);
	while ((len = message_next(message, piece, sizeof piece, err)) > 0)
		fwrite(piece, 1, (size_t)len, stdout);
	if (len == 0 && fflush(stdout) != 0)
		return error_set_errno(err, ERROR_IO, "standard output");
	return len == 0 ? 0 : -1;
}

static void
dry_run_print_json(const struct submission *submission)
{
	const struct account *account = submission->route.account;
	struct json json = {.out = stdout};

	json_open(&json, NULL, '{');
	json_text(&json, "status", "dry-run");
	json_text(&json, "account", account->name);
	json_text(&json, "found_by", account->found_by);
	json_text(&json, "provider",
	    account->provider != NULL ? account->provider->name : NULL);
	json_bool(&json, "provider_from_dns", account->provider_from_dns);
	json_text(&json, "host", account->text[SETTING_HOST]);
	json_number(&json, "port", account_number(account, SETTING_PORT));
	json_text(&json, "tls", account->text[SETTING_TLS]);
	json_text(&json, "user", account->text[SETTING_USER]);
	json_text(&json, "sender", submission->envelope.sender);
	json_open(&json, "recipients", '[');
	for (size_t i = 0; i < submission->delivery.recipient_count; i++)
		json_text(&json, NULL,
		    submission->delivery.recipient[i].address);
	json_close(&json, ']');
	json_number(&json, "size", (long long)submission->message.wire_size);
	json_close(&json, '}');
	json_end(&json);
}
