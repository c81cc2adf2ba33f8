/* SPDX-License-Identifier: MIT */
/*
 * Translates an account's settings into the rules of message/completion.h.
 */
#include "cli/completion-rules.h"

#include <string.h>

#include "submit/preflight.h"

static bool rules_may_send_as(const void *context, const char *address);
static int rules_resolve(const void *context, const char *name,
    struct address_list *list);

struct completion_rules
completion_rules(const struct submission *submission, const char *address)
{
	const struct account *account = submission->route.account;
	enum completion_mode mode = COMPLETION_MISSING;

	if (account_is(account, SETTING_SET_FROM, "never"))
		mode = COMPLETION_NEVER;
	if (account_is(account, SETTING_SET_FROM, "always"))
		mode = COMPLETION_ALWAYS;
	return (struct completion_rules){.mode = mode,
	    .adds_sender = account_bool(account, SETTING_ADD_SENDER),
	    .address = address,
	    .host_name = submission->host_name,
	    .may_send_as = rules_may_send_as,
	    .resolve = rules_resolve,
	    .context = submission};
}

struct envelope_request
completion_request(const struct submission *submission)
{
	const struct account *account = submission->route.account;

	return (struct envelope_request){.aliases_path =
					     account->text[SETTING_ALIASES],
	    .local_recipient = account->text[SETTING_LOCAL_RECIPIENT],
	    .local_domain = account_uses_socket(account)
		? ""
		: account_mail_domain(account),
	    .host_name = submission->host_name};
}

static bool
rules_may_send_as(const void *context, const char *address)
{
	const struct submission *submission = context;

	return preflight_may_send_as(submission->route.account, address);
}

static int
rules_resolve(const void *context, const char *name, struct address_list *list)
{
	const struct envelope_request request = completion_request(context);
	struct error ignored;

	return envelope_resolve(&request, name, list, &ignored);
}
