/* SPDX-License-Identifier: MIT */
/*
 * Chooses the account of an SMTP client's message by its sender.
 */
#include <string.h>
#include <unistd.h>

#include "base/peer-user.h"
#include "cli/serve-state.h"
#include "cli/verb-route.h"

static bool serve_needs_other_account(const struct serve *serve);
static int serve_open_limit(struct serve *serve, struct error *err);
static struct account_query serve_query(const struct serve *serve);
static bool accounts_are_equal(const struct account *a,
    const struct account *b);
static bool texts_are_equal(const char *a, const char *b);

int
serve_set_sender(struct serve *serve, const char *address, struct error *err)
{
	const char *given = serve->submission.options->sender;

	return submission_set_sender(&serve->submission,
	    given != NULL ? given : address, given != NULL ? "-f" : "MAIL",
	    err);
}

/*
 * A new process also fetches the credential again: a dialogue may last longer
 * than an access token is valid. A person need not enter a password twice.
 */
bool
serve_needs_new_process(const struct serve *serve)
{
	const struct credential *credential = serve->held.attempt.credential;

	if (!serve->has_route)
		return false;
	return serve_needs_other_account(serve) ||
	    (!serve_queue_is_first(serve) &&
		!held_session_is_open(&serve->held) &&
		(credential == NULL || !credential_is_from_prompt(credential)));
}

/* This process may be unable to ask DNS for the provider of a domain; a new one
 * can. */
static bool
serve_needs_other_account(const struct serve *serve)
{
	const struct route *route = &serve->submission.route;
	struct account_query query = serve_query(serve);
	struct account *account;
	struct error ignored;
	bool result;

	if (texts_are_equal(serve->route_sender, query.sender))
		return false;
	query.offline = true;
	account = account_resolve(route->config, &query, &ignored);
	result =
	    account == NULL || !accounts_are_equal(account, route->account);
	account_free(account);
	return result;
}

int
serve_choose_account(struct serve *serve, struct error *err)
{
	struct submission *submission = &serve->submission;
	const struct account_query query = serve_query(serve);

	if (serve->has_route)
		return serve_open_limit(serve, err);
	if (submission_resolve(submission, &query, err) == -1)
		return -1;
	if (query.sender != NULL &&
	    (serve->route_sender = strdup(query.sender)) == NULL)
		return error_no_memory(err);
	held_session_init(&serve->held, &submission->route, &serve->observer);
	serve->held.attempt.may_confine = true;
	serve->held.attempt.log_path =
	    submission->route.account->text[SETTING_LOG_FILE];
	serve->has_route = true;
	serve_queue_init(serve);
	return serve_open_limit(serve, err);
}

static int
serve_open_limit(struct serve *serve, struct error *err)
{
	const struct account *account = serve->submission.route.account;
	uid_t uid;

	if (serve->has_limit)
		return 0;
	if (peer_user(STDIN_FILENO, &uid) &&
	    user_limit_open(&serve->limit, account, uid, err) == -1)
		return -1;
	serve->has_limit = true;
	return 0;
}

static struct account_query
serve_query(const struct serve *serve)
{
	const struct options *options = serve->submission.options;

	return (struct account_query){.name = verb_route_account(options),
	    .sender = serve->submission.sender,
	    .flags = &options->flags};
}

/* All that the session depends on is in the settings. */
static bool
accounts_are_equal(const struct account *a, const struct account *b)
{
	if (!texts_are_equal(a->name, b->name))
		return false;
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		if (!texts_are_equal(a->text[id], b->text[id]))
			return false;
	}
	return true;
}

static bool
texts_are_equal(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}
