/* SPDX-License-Identifier: MIT */
/*
 * Holds a submission, and finds the sender's own address and name.
 */
#include "cli/submission.h"

#include <ctype.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

enum {
	NAME_MAX_LEN = 512,
	HOST_MAX_LEN = 256
};

static char *login_address(const struct account *account);
static char *name_of_record(const struct passwd *record);

void
submission_init(struct submission *submission, const struct options *options)
{
	memset(submission, 0, sizeof *submission);
	submission->options = options;
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
