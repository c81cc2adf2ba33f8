/* SPDX-License-Identifier: MIT */
/*
 * The program postrider-credential: a git credential helper for mail servers,
 * over the desktop's keyring (gitcredentials(7)), and OAuth2's side that holds
 * the secrets. The only program that sees the keyring and refresh tokens; it
 * never sees a message, nor a mail server but by POP3.
 *
 * On stderr it speaks to whoever started it: "postrider-credential: " and what
 * went wrong, "hint: " and the way out, and "wait: " before what takes long,
 * which tells postrider to be patient. The exit status is sysexits'.
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
#include "credential/codec.h"
#include "credential/exit-status.h"
#include "keeper/operations.h"

enum {
	QUESTION_LIMIT_MS = 10 * 1000 /* below the 15 s that postrider waits */
};

struct row {
	const char *name;
	bool has_question; /* on stdin, in git's protocol */
	bool may_guess;    /* the account is that of the question */
	bool may_ask;      /* the keyring may ask a person */
	int (*run)(const struct operation_request *request, struct error *err);
};

static int run(const struct keeper_options *options);
static const struct row *find_row(const char *name);
static int run_operation(const struct row *row,
    const struct keeper_options *options, struct error *err);
static bool is_ours(const struct credential_message *question);
static int run_for(const struct row *row, const struct keeper_options *options,
    const struct credential_message *question, struct error *err);
static int check_names(const struct subject *subject, struct error *err);
static int report(const struct error *err);
static int usage(FILE *out, int status);

static const struct row rows[] = {
    {"get", true, true, true, operation_get},
    {"store", true, true, true, operation_store},
    {"erase", true, true, true, operation_erase},
    {"login", false, false, true, operation_login},
    {"logout", false, false, true, operation_logout},
    {"status", true, true, false, operation_status},
    {"pop", true, false, false, operation_pop},
};

int
main(int argc, char **argv)
{
	struct keeper_options options;
	struct error err;
	int status;

	if (process_start(&err) == -1)
		return report(&err);
	if (keeper_options_parse(&options, argc, argv, &err) == -1) {
		report(&err);
		status = usage(stderr, error_exit_status(err.code));
	} else {
		status = run(&options);
	}
	keeper_options_done(&options);
	return status;
}

static int
run(const struct keeper_options *options)
{
	const struct row *row;
	struct error err;

	if (options->help)
		return usage(stdout, EX_OK);
	if (options->version)
		return puts("postrider-credential " PACKAGE_VERSION) == EOF
		    ? EX_IOERR
		    : EX_OK;
	if (options->operation == NULL)
		return usage(stderr, EX_USAGE);
	row = find_row(options->operation);
	/* gitcredentials(7): an operation of a later git is no mistake. */
	if (row == NULL || run_operation(row, options, &err) == 0)
		return EX_OK;
	return report(&err);
}

static const struct row *
find_row(const char *name)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	}
	return NULL;
}

static int
run_operation(const struct row *row, const struct keeper_options *options,
    struct error *err)
{
	struct credential_message question;
	int result = 0;

	credential_message_init(&question);
	if (row->has_question)
		result = credential_message_read(&question, STDIN_FILENO,
		    clock_now_ms() + QUESTION_LIMIT_MS, err);
	if (result == 0 &&
	    (options->selects || (row->may_guess && is_ours(&question))))
		result = run_for(row, options, &question, err);
	else if (result == 0 && !row->may_guess)
		result = error_set(err, ERROR_USAGE, "%s: for which account?",
		    row->name);
	credential_message_done(&question);
	return result;
}

/* git asks its helpers about web servers too: those are none of ours. */
static bool
is_ours(const struct credential_message *question)
{
	const char *protocol = question->value[CREDENTIAL_PROTOCOL];

	return protocol != NULL && strcmp(protocol, "smtp") == 0 &&
	    question->value[CREDENTIAL_HOST] != NULL &&
	    question->value[CREDENTIAL_USERNAME] != NULL;
}

static int
run_for(const struct row *row, const struct keeper_options *options,
    const struct credential_message *question, struct error *err)
{
	struct subject subject;
	const struct operation_request request = {options, &subject, question};
	int result = subject_find(&subject, options, question,
	    row->may_ask ? operation_announce_prompt : NULL, err);

	if (result == 0)
		result = check_names(&subject, err);
	if (result == 0)
		result = row->run(&request, err);
	if (result == -1 && err->code == ERROR_KEYRING &&
	    subject_has_tokens(&subject))
		error_hint(err,
		    "unlock or start a keyring (GNOME Keyring, KWallet, "
		    "KeePassXC), or keep the sign-in in files: set "
		    "credential-folder, see postrider(5)");
	subject_done(&subject);
	return result;
}

static int
check_names(const struct subject *subject, struct error *err)
{
	if (text_is_utf8(subject->user, strlen(subject->user)) &&
	    text_is_utf8(subject->host, strlen(subject->host)))
		return 0;
	return error_set(err, ERROR_DATA,
	    "the keyring holds no names that aren't UTF-8");
}

static int
report(const struct error *err)
{
	fprintf(stderr, "postrider-credential: %s\n", err->message);
	if (err->hint[0] != '\0')
		fprintf(stderr, "hint: %s\n", err->hint);
	return err->code == ERROR_TEMPORARY ? CREDENTIAL_EXIT_TRY_AGAIN
					    : error_exit_status(err->code);
}

static int
usage(FILE *out, int status)
{
	fputs("postrider-credential keeps passwords and OAuth2 tokens of mail "
	      "servers.\n\n"
	      "Usage: postrider-credential [SELECTION] "
	      "get|store|erase|status < QUESTION\n"
	      "       postrider-credential SELECTION login|logout "
	      "[--device|--paste]\n"
	      "       postrider-credential SELECTION pop < PASSWORD\n"
	      "       postrider-credential --help|--version\n\n"
	      "SELECTION is --account=NAME, --config=FILE or settings, as "
	      "postrider has them.\n"
	      "It speaks git's credential protocol, and answers for "
	      "protocol=smtp:\n"
	      "  printf 'protocol=smtp\\nhost=smtp.gmail.com\\n"
	      "username=me@gmail.com\\n\\n' |\n"
	      "      postrider-credential get\n\n"
	      "postrider-credential(1) tells the rest.\n",
	    out);
	return status;
}
