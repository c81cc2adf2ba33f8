/* SPDX-License-Identifier: MIT */
/*
 * Resolves recipients and says where a message to them would go. Reads no
 * message and no secret.
 */
#include "cli/verify.h"

#include <stdio.h>
#include <string.h>

#include "base/socket-path.h"
#include "report/json.h"
#include "report/report-json.h"
#include "report/report.h"
#include "cli/submission.h"
#include "cli/verb-route.h"

enum {
	SERVER_SIZE = 320
};

/* The verification so far. */
struct verification {
	struct submission submission; /* its sender and route */
	struct report report;
	struct json json;
	int status; /* of the first recipient that failed */
};

static int verify_choose_account(struct verification *verification,
    struct error *err);
static void verify_argument(struct verification *verification,
    const char *argument);
static void verify_recipient(struct verification *verification,
    const char *recipient);
static void verify_print(struct verification *verification,
    const char *recipient, const struct address_list *list);
static void verify_print_failure(struct verification *verification,
    const char *recipient, const struct error *err);

int
verify(const struct options *options)
{
	struct verification verification = {.json = {.out = stdout}};
	struct error err;

	report_init(&verification.report, options->report);
	submission_init(&verification.submission, options);
	if (options->argument_count == 0) {
		error_set(&err, ERROR_USAGE, "-bv: no recipients");
		error_hint(&err, "name them after the options");
		verification.status =
		    report_failure(&verification.report, &err);
	} else if (verify_choose_account(&verification, &err) == -1) {
		verification.status =
		    report_failure(&verification.report, &err);
	} else {
		if (options->report.json)
			json_open(&verification.json, NULL, '[');
		for (size_t i = 0; i < options->argument_count; i++)
			verify_argument(&verification, options->argument[i]);
		if (options->report.json) {
			json_close(&verification.json, ']');
			json_end(&verification.json);
		}
	}
	submission_done(&verification.submission);
	return verification.status;
}

static int
verify_choose_account(struct verification *verification, struct error *err)
{
	struct submission *submission = &verification->submission;
	const struct options *options = submission->options;
	struct account_query query = {.name = verb_route_account(options),
	    .flags = &options->flags};

	if (options->sender != NULL &&
	    submission_set_sender(submission, options->sender, "-f", err) == -1)
		return -1;
	query.sender = submission->sender;
	if (route_load(&submission->route, options->config_path, err) == -1)
		return -1;
	return route_resolve(&submission->route, &query, options->config_path,
	    err);
}

/* An argument may be a list. */
static void
verify_argument(struct verification *verification, const char *argument)
{
	struct address_list list;
	struct error err;

	address_list_init(&list);
	if (address_list_parse(&list, argument, strlen(argument), "recipient",
		&err) == -1)
		verify_print_failure(verification, argument, &err);
	else
		for (size_t i = 0; i < list.count; i++)
			verify_recipient(verification, list.address[i]);
	address_list_done(&list);
}

static void
verify_recipient(struct verification *verification, const char *recipient)
{
	struct envelope_request request =
	    submission_envelope_request(&verification->submission);
	struct address_list list;
	struct error err;

	address_list_init(&list);
	if (envelope_resolve(&request, recipient, &list, &err) == -1)
		verify_print_failure(verification, recipient, &err);
	else
		verify_print(verification, recipient, &list);
	address_list_done(&list);
}

static void
verify_print(struct verification *verification, const char *recipient,
    const struct address_list *list)
{
	const struct account *account = verification->submission.route.account;
	const char *title = account_title(account);
	struct json *json = &verification->json;
	char server[SERVER_SIZE];

	if (verification->report.json) {
		json_open(json, NULL, '{');
		json_text(json, "recipient", recipient);
		json_open(json, "addresses", '[');
		for (size_t i = 0; i < list->count; i++)
			json_text(json, NULL, list->address[i]);
		json_close(json, ']');
		json_text(json, "account", account->name);
		json_text(json, "host", account->text[SETTING_HOST]);
		json_number(json, "port",
		    account_number(account, SETTING_PORT));
		json_close(json, '}');
		return;
	}
	printf("%s: would be sent to ", recipient);
	for (size_t i = 0; i < list->count; i++)
		printf("%s<%s>", i > 0 ? ", " : "", list->address[i]);
	printf(" by %s%s%s\n",
	    server_describe(account->text[SETTING_HOST],
		account_number(account, SETTING_PORT), server, sizeof server),
	    title != NULL ? ", account " : "", title != NULL ? title : "");
}

static void
verify_print_failure(struct verification *verification, const char *recipient,
    const struct error *err)
{
	struct json *json = &verification->json;

	if (verification->status == 0)
		verification->status = error_exit_status(err->code);
	if (verification->report.json) {
		json_open(json, NULL, '{');
		json_text(json, "recipient", recipient);
		report_json_add_error(json, err);
		json_close(json, '}');
	}
	fflush(stdout);
	if (!verification->report.quiet)
		report_error(err);
}
