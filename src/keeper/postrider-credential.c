/* SPDX-License-Identifier: MIT */
/*
 * The program postrider-credential: a git credential helper for mail servers
 * (gitcredentials(7)) that keeps passwords and OAuth2 tokens in the desktop's
 * keyring. The only program that sees the keyring. It talks to no network:
 * postrider-oauth2 does, with the secrets of one request.
 *
 * It reports errors as credential/exit-status.h says. A line "wait: " on
 * standard error before a step that takes long asks postrider for patience.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/process.h"
#include "base/text.h"
#include "credential/credential-message.h"
#include "credential/exit-status.h"
#include "keeper/operations.h"

enum {
	QUESTION_LIMIT_MS =
	    10 * 1000 /* less than the 15 s that postrider waits */
};

struct operation_row {
	const char *name;
	bool has_question;    /* on standard input, in git's protocol */
	bool matches_account; /* by the question's server and user */
	bool may_prompt;      /* the keyring may prompt a person */
	bool has_no_account;
	operation_function *run;
};

static int run_program(const struct helper_options *options);
static const struct operation_row *find_row(const char *name);
static int run_operation(const struct operation_row *row,
    const struct helper_options *options, struct error *err);
static bool is_for_smtp(const struct credential_message *question);
static int run_for_account(const struct operation_row *row,
    const struct helper_options *options,
    const struct credential_message *question, struct error *err);
static int check_names(const struct selected_account *selected,
    struct error *err);
static int print_usage(FILE *out, int status);

static const struct operation_row rows[] = {
    {"get", true, true, true, false, operation_get},
    {"store", true, true, true, false, operation_store},
    {"erase", true, true, true, false, operation_erase},
    {"login", false, false, true, false, operation_login},
    {"logout", false, false, true, false, operation_logout},
    {"status", true, true, false, false, operation_status},
    {"check", false, false, true, false, operation_check},
    {"notify", false, false, false, true, operation_notify},
};

static const char program_name[] = "postrider-credential";

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
		return puts("postrider-credential " PACKAGE_VERSION) == EOF
		    ? EX_IOERR
		    : EX_OK;
	if (options->operation == NULL)
		return print_usage(stderr, EX_USAGE);
	row = find_row(options->operation);
	/* gitcredentials(7): an operation of a later git is not an error. */
	if (row == NULL || run_operation(row, options, &err) == 0)
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
	struct credential_message question;
	int result = 0;

	if (row->has_no_account)
		return row->run(NULL, err);
	credential_message_init(&question);
	if (row->has_question)
		result = credential_message_read(&question, STDIN_FILENO,
		    clock_now_ms() + QUESTION_LIMIT_MS, err);
	if (result == 0 &&
	    (options->selects_account ||
		(row->matches_account && is_for_smtp(&question))))
		result = run_for_account(row, options, &question, err);
	else if (result == 0 && !row->matches_account)
		result = error_set(err, ERROR_USAGE, "%s: missing account",
		    row->name);
	credential_message_done(&question);
	return result;
}

/* git asks its helpers about web servers too. */
static bool
is_for_smtp(const struct credential_message *question)
{
	const char *protocol = question->value[CREDENTIAL_PROTOCOL];

	return protocol != NULL && strcmp(protocol, "smtp") == 0 &&
	    question->value[CREDENTIAL_HOST] != NULL &&
	    question->value[CREDENTIAL_USERNAME] != NULL;
}

static int
run_for_account(const struct operation_row *row,
    const struct helper_options *options,
    const struct credential_message *question, struct error *err)
{
	struct selected_account selected;
	const struct operation_request request = {options, &selected, question};
	int result = selected_account_find(&selected, options, question,
	    row->may_prompt ? operation_announce_prompt : NULL, err);

	if (result == 0)
		result = check_names(&selected, err);
	if (result == 0)
		result = row->run(&request, err);
	if (result == -1 && err->code == ERROR_KEYRING &&
	    selected_account_has_tokens(&selected) &&
	    vault_is_keyring(selected.vault))
		error_hint(err,
		    "unlock or start a keyring (GNOME Keyring, KWallet, "
		    "KeePassXC), create a default one if there is none "
		    "(seahorse, \"Passwords and Keys\": New, Password "
		    "Keyring), or keep the sign-in in files: set "
		    "credential-folder, see postrider(5)");
	selected_account_done(&selected);
	return result;
}

static int
check_names(const struct selected_account *selected, struct error *err)
{
	if (text_is_utf8(selected->user, strlen(selected->user)) &&
	    text_is_utf8(selected->host, strlen(selected->host)))
		return 0;
	return error_set(err, ERROR_DATA,
	    "the user or host name is not valid UTF-8");
}

static int
print_usage(FILE *out, int status)
{
	fputs("postrider-credential stores passwords and OAuth2 tokens for "
	      "mail servers.\n\n"
	      "Usage: postrider-credential [SELECTION] "
	      "get|store|erase|status < REQUEST\n"
	      "       postrider-credential SELECTION login "
	      "[--device|--paste]\n"
	      "       postrider-credential SELECTION logout|check\n"
	      "       postrider-credential notify < TEXT\n"
	      "       postrider-credential --help|--version\n\n"
	      "SELECTION is --account=NAME, --config=FILE, --new or settings "
	      "of postrider.\n"
	      "A request has the form of git's credential protocol:\n"
	      "  printf 'protocol=smtp\\nhost=smtp.gmail.com\\n"
	      "username=me@gmail.com\\n\\n' |\n"
	      "      postrider-credential get\n\n"
	      "See postrider-credential(1).\n",
	    out);
	return status;
}
