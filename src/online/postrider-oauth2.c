/* SPDX-License-Identifier: MIT */
/*
 * The program postrider-oauth2: the part of a sign-in that needs the network.
 * It talks to OAuth2 endpoints and to POP3 and IMAP servers and starts the
 * browser. It sees no keyring, and no secrets but those that one request needs.
 *
 * It looks endpoints up in its own copy of the configuration and the provider
 * registry; the question selects an account and never names a server. Errors:
 * credential/exit-status.h.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process.h"
#include "base/spawn.h"
#include "credential/exit-status.h"
#include "online/confinement.h"
#include "online/operations.h"

enum {
	QUESTION_LIMIT_MS = 10 * 1000
};

/* A person may need standard input and output: then the question and the answer
 * have descriptors of their own. */
struct operation_row {
	const char *name;
	bool is_interactive; /* and starts a browser, so it is not confined */
	bool has_question;
	bool has_client;   /* of a token endpoint */
	bool finds_server; /* of an account that has none */
	bool needs_unix;   /* to resolve a local name */
	operation_function *run;
};

static const struct operation_row rows[] = {
    {"renew", false, true, true, false, false, operation_renew},
    {"login", true, true, true, false, false, operation_login},
    {"revoke", false, true, true, false, false, operation_revoke},
    {"endpoints", false, false, true, false, false, operation_endpoints},
    {"pop", false, true, false, false, true, operation_pop},
    {"look", false, true, false, false, true, operation_look},
    {"autoconfig", false, false, false, true, false, operation_autoconfig},
};

static int run_program(const struct helper_options *options);
static const struct operation_row *find_row(const char *name);
static int run_operation(const struct operation_row *row,
    const struct helper_options *options, struct error *err);
static int claim_descriptors(struct error *err);
static bool reader_is_gone(int fd);
static int run_for_account(const struct operation_row *row,
    struct operation_request *request, struct error *err);
static int run_for_client(const struct operation_row *row,
    const struct operation_request *request, struct error *err);
static int print_usage(FILE *out, int status);

static const char program_name[] = "postrider-oauth2";

int
main(int argc, char **argv)
{
	struct helper_options options;
	struct error err;
	int status;

	if (process_start(&err) == -1)
		return credential_exit_report(program_name, &err);
	if (helper_options_parse(&options, argc, argv, &err) == -1)
		status = print_usage(stderr,
		    credential_exit_report(program_name, &err));
	else
		status = run_program(&options);
	helper_options_done(&options);
	return status;
}

static int
run_program(const struct helper_options *options)
{
	const struct operation_row *row;
	struct error err;

	if (options->help)
		return print_usage(stdout, EX_OK);
	if (options->version)
		return puts("postrider-oauth2 " PACKAGE_VERSION) == EOF
		    ? EX_IOERR
		    : EX_OK;
	row = options->operation != NULL ? find_row(options->operation) : NULL;
	if (row == NULL)
		return print_usage(stderr, EX_USAGE);
	if (run_operation(row, options, &err) == 0)
		return EX_OK;
	return credential_exit_report(program_name, &err);
}

static const struct operation_row *
find_row(const char *name)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	}
	return NULL;
}

static int
run_operation(const struct operation_row *row,
    const struct helper_options *options, struct error *err)
{
	int question_fd = row->is_interactive ? SPAWN_MORE_FD : STDIN_FILENO;
	struct credential_message question;
	struct operation_request request = {.options = options,
	    .question = &question,
	    .answer_fd = row->is_interactive ? SPAWN_ANSWER_FD : STDOUT_FILENO};
	int result = 0;

	if (!options->selects_account)
		return error_set(err, ERROR_USAGE, "%s: missing account",
		    row->name);
	if (row->is_interactive && claim_descriptors(err) == -1)
		return -1;
	process_end_with_parent();
	if (reader_is_gone(request.answer_fd))
		return error_set(err, ERROR_IO,
		    "nothing reads the answer any more");
	credential_message_init(&question);
	if (row->has_question)
		result = credential_message_read(&question, question_fd,
		    clock_now_ms() + QUESTION_LIMIT_MS, err);
	if (result == 0)
		result = run_for_account(row, &request, err);
	credential_message_done(&question);
	return result;
}

/* No browser must inherit them. */
static int
claim_descriptors(struct error *err)
{
	if (fcntl(SPAWN_MORE_FD, F_SETFD, FD_CLOEXEC) == -1 ||
	    fcntl(SPAWN_ANSWER_FD, F_SETFD, FD_CLOEXEC) == -1)
		return error_set(err, ERROR_USAGE,
		    "login: only postrider-credential starts it");
	return 0;
}

/* An answer without a reader is lost, and with it a token that a request would
 * spend: when postrider-credential dies, its lock is free, and the next process
 * sends the same refresh token. */
static bool
reader_is_gone(int fd)
{
	struct pollfd answer = {.fd = fd, .events = POLLOUT};

	return poll(&answer, 1, 0) == 1 &&
	    (answer.revents & (POLLERR | POLLNVAL)) != 0;
}

static int
run_for_account(const struct operation_row *row,
    struct operation_request *request, struct error *err)
{
	const struct helper_options *options = request->options;
	struct config *config = config_load(options->config_path, err);
	struct account *account = NULL;
	int result = -1;

	if (config != NULL)
		account = row->finds_server
		    ? helper_options_resolve_address(options, config, err)
		    : helper_options_resolve(options, config, err);
	request->account = account;
	if (account != NULL && !row->is_interactive)
		confine_operation(account, row->needs_unix);
	if (account != NULL)
		result = row->has_client ? run_for_client(row, request, err)
					 : row->run(request, err);
	account_free(account);
	config_free(config);
	return result;
}

static int
run_for_client(const struct operation_row *row,
    const struct operation_request *request, struct error *err)
{
	struct operation_request completed = *request;
	const struct account *account = request->account;
	struct endpoints endpoints;
	const struct token_client client = {.account = account,
	    .endpoints = &endpoints,
	    .client_secret = request->question->client_secret,
	    .deadline_ms =
		clock_now_ms() + account_duration_ms(account, SETTING_TIMEOUT)};
	int result = endpoints_init(&endpoints, account, err);

	completed.client = &client;
	if (result == 0)
		result = row->run(&completed, err);
	endpoints_done(&endpoints);
	return result;
}

static int
print_usage(FILE *out, int status)
{
	fputs("postrider-oauth2 gets OAuth2 tokens for postrider-credential.\n"
	      "\n"
	      "Usage: postrider-oauth2 SELECTION renew|revoke|pop|look < "
	      "REQUEST\n"
	      "       postrider-oauth2 SELECTION endpoints\n"
	      "       postrider-oauth2 SELECTION autoconfig [--well-known]\n"
	      "       postrider-oauth2 SELECTION login [--device|--paste]\n"
	      "       postrider-oauth2 --help|--version\n\n"
	      "SELECTION is --account=NAME, --config=FILE or settings, as "
	      "postrider has them.\n"
	      "It speaks git's credential protocol: postrider-oauth2(1).\n",
	    out);
	return status;
}
