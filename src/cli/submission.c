/* SPDX-License-Identifier: MIT */
/*
 * Holds a submission, and finds the sender's own address and name.
 */
#include "cli/submission.h"

#include <ctype.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/completion-rules.h"
#include "cli/queue-choice.h"
#include "config/address-match.h"
#include "message/required-fields.h"

enum {
	NAME_MAX_LEN = 512,
	HOST_MAX_LEN = 256
};

static int complete_addresses(struct submission *submission,
    const char *address, struct error *err);
static char *login_address(const struct account *account);
static char *name_of_record(const struct passwd *record);

void
submission_init(struct submission *submission, const struct options *options)
{
	memset(submission, 0, sizeof *submission);
	submission->options = options;
	if (gethostname(submission->host_name, SUBMISSION_HOST_SIZE - 1) == -1)
		submission->host_name[0] = '\0';
	submission->recipient = options->argument;
	submission->recipient_count = options->argument_count;
	route_init(&submission->route);
	message_init(&submission->message);
	envelope_init(&submission->envelope);
}

void
submission_done(struct submission *submission)
{
	delivery_done(&submission->delivery);
	free(submission->sender);
	free((void *)submission->composed);
	envelope_done(&submission->envelope);
	message_done(&submission->message);
	route_done(&submission->route);
}

int
submission_set_sender(struct submission *submission, const char *given,
    const char *what, struct error *err)
{
	struct address_list senders;
	int result = 0;

	free(submission->sender);
	submission->sender = NULL;
	submission->sender_is_given = true;
	submission->null_sender = *given == '\0' || strcmp(given, "<>") == 0;
	if (submission->null_sender)
		return 0;
	address_list_init(&senders);
	result = address_list_parse(&senders, given, strlen(given), what, err);
	if (result == 0 && senders.count > 1)
		result = error_set(err, ERROR_USAGE,
		    "%s: expected one address, got %zu", what, senders.count);
	if (result == 0 && senders.count > 0 &&
	    address_domain(senders.address[0]) != NULL) {
		submission->sender = strdup(senders.address[0]);
		if (submission->sender == NULL)
			result = error_no_memory(err);
	}
	address_list_done(&senders);
	return result;
}

int
submission_resolve(struct submission *submission,
    const struct account_query *query, struct error *err)
{
	const struct options *options = submission->options;
	struct route *route = &submission->route;
	struct account_query complete = *query;
	struct error ignored;

	submission->no_server.code = ERROR_NONE;
	complete.may_queue = queue_is_default(options);
	if (route_resolve(route, &complete, options->config_path, err) == 0)
		return 0;
	if (!error_is_temporary(err->code))
		return -1;
	complete.offline = true;
	complete.may_lack_server = true;
	if (route_resolve(route, &complete, options->config_path, &ignored) ==
		-1 ||
	    route->account->name == NULL ||
	    queue_choose(options, route->account) == QUEUE_NEVER)
		return -1;
	submission->no_server = *err;
	return 0;
}

char *
submission_address(const struct submission *submission)
{
	const struct account *account = submission->route.account;
	const char *address = account_address(account);

	if (address != NULL)
		return strdup(address);
	if (submission->sender != NULL)
		return strdup(submission->sender);
	return login_address(account);
}

char *
submission_full_name(const struct submission *submission)
{
	const char *configured =
	    submission->route.account->text[SETTING_FULL_NAME];
	const char *environment = getenv("NAME");
	const struct passwd *record;

	if (configured != NULL)
		return strdup(configured);
	if (environment != NULL && *environment != '\0')
		return strdup(environment);
	record = getpwuid(getuid());
	if (record == NULL || record->pw_gecos == NULL)
		return strdup("");
	return name_of_record(record);
}

char *
submission_envelope_sender(const struct submission *submission,
    const char *account_address)
{
	const struct account *account = submission->route.account;
	const struct completion_rules rules =
	    completion_rules(submission, account_address);
	bool is_own = account->list[SETTING_FROM].count == 0;

	if (submission->null_sender)
		return strdup("");
	if (submission->sender == NULL || account_address == NULL)
		return account_address != NULL ? strdup(account_address) : NULL;
	if (completion_replaces_sender(&rules, submission->sender))
		return strdup(account_address);
	for (size_t i = 0; i < account->list[SETTING_FROM].count && !is_own;
	     i++)
		is_own = address_match(account->list[SETTING_FROM].element[i],
		    submission->sender);
	return strdup(is_own || submission->sender_is_given ? submission->sender
							    : account_address);
}

struct envelope_request
submission_envelope_request(const struct submission *submission)
{
	const struct options *options = submission->options;
	struct envelope_request request = completion_request(submission);

	request.arguments_remove = account_is(submission->route.account,
	    SETTING_EXTRACT_ADDRESSES, "remove");
	request.notify = options->notify;
	request.return_type = options->return_type;
	request.envelope_id = options->envelope_id;
	return request;
}

int
submission_complete(struct submission *submission, struct error *err)
{
	struct message *message = &submission->message;
	char *address = submission_address(submission);
	char *full_name = submission_full_name(submission);
	struct required_fields required = {.address = address,
	    .full_name =
		full_name != NULL && *full_name != '\0' ? full_name : NULL,
	    .id_domain = address != NULL ? address_domain(address) : NULL,
	    .is_resent = header_find_resent(&message->header, NULL) != NULL,
	    .now = time(NULL)};
	int result = -1;

	header_strip(&message->header);
	if (address == NULL || full_name == NULL)
		error_no_memory(err);
	else if (complete_addresses(submission, address, err) == 0 &&
	    required_fields_add(&message->header, &required, err) == 0 &&
	    thread_begin(&submission->delivery.thread,
		submission->route.account, &message->header,
		!submission->options->dry_run, err) == 0)
		result = message_seal(message, err);
	free(full_name);
	free(address);
	return result;
}

static int
complete_addresses(struct submission *submission, const char *address,
    struct error *err)
{
	const struct completion_rules rules =
	    completion_rules(submission, address);
	struct message *message = &submission->message;
	struct address_list senders;
	int result;

	if (completion_apply(&message->completion, &message->header, &rules,
		err) == -1)
		return -1;
	if (submission->sender_is_given)
		return 0;
	address_list_init(&senders);
	result = header_senders(&message->header, &senders, err);
	if (result == -1 && err->code == ERROR_DATA)
		error_hint(err,
		    "correct the From field, or replace it with "
		    "--set-from=always");
	address_list_done(&senders);
	return result;
}

/* The host name is used only if no domain is configured. */
static char *
login_address(const struct account *account)
{
	const struct passwd *record = getpwuid(getuid());
	const char *login = record != NULL ? record->pw_name : "nobody";
	const char *domain = account_mail_domain(account);
	char host[HOST_MAX_LEN] = "localhost";
	struct error ignored;
	struct buf address;
	char *result = NULL;

	if (domain == NULL)
		domain = account->text[SETTING_DOMAIN];
	if (domain == NULL && gethostname(host, sizeof host - 1) == 0)
		domain = host;
	if (domain == NULL || *domain == '\0')
		domain = "localhost";
	buf_init(&address, 1024);
	if (buf_addf(&address, &ignored, "%s@%s", login, domain) == 0)
		result = buf_take(&address);
	buf_done(&address);
	return result;
}

/* "&" stands for the capitalised login name; a comma ends the name. */
static char *
name_of_record(const struct passwd *record)
{
	struct error ignored;
	struct buf name;
	int result = 0;

	buf_init(&name, NAME_MAX_LEN);
	for (const char *at = record->pw_gecos;
	     result == 0 && *at != '\0' && *at != ','; at++) {
		size_t start = name.len;

		result = *at == '&'
		    ? buf_add_text(&name, record->pw_name, &ignored)
		    : buf_add(&name, at, 1, &ignored);
		if (result == 0 && *at == '&' && name.len > start)
			name.data[start] =
			    (char)toupper((unsigned char)name.data[start]);
	}
	return buf_take(&name);
}
