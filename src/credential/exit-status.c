/* SPDX-License-Identifier: MIT */
/*
 * Reports an error of a helper program by its output and exit status, and
 * translates the exit status back to the error code.
 */
#include "credential/exit-status.h"

#include <stddef.h>
#include <stdio.h>
#include <sysexits.h>

static const struct {
	int status;
	enum error_code code;
} meanings[] = {
    {EX_NOPERM, ERROR_AUTH},
    {EX_CONFIG, ERROR_CONFIG},
    {EX_DATAERR, ERROR_DATA},
    {EX_NOHOST, ERROR_NO_HOST},
    {EX_UNAVAILABLE, ERROR_REFUSED},
    {EX_SOFTWARE, ERROR_BUG},
    {EX_OSERR, ERROR_SYSTEM},
    {EX_CANTCREAT, ERROR_CREATE},
    {EX_IOERR, ERROR_IO},
    {EX_PROTOCOL, ERROR_SECURITY},
    {CREDENTIAL_EXIT_TRY_AGAIN, ERROR_TEMPORARY},
    {CREDENTIAL_EXIT_LATER, ERROR_LATER},
};

static void exit_print_cause(const struct error *err);
static void exit_print_lines(const char *label, const struct error *err);

int
credential_exit_report(const char *program, const struct error *err)
{
	exit_print_lines(program, err);
	exit_print_cause(err);
	if (err->code == ERROR_TEMPORARY)
		return CREDENTIAL_EXIT_TRY_AGAIN;
	if (err->code == ERROR_LATER)
		return CREDENTIAL_EXIT_LATER;
	return error_exit_status(err->code);
}

void
credential_exit_warn(const struct error *warning)
{
	exit_print_lines("warning", warning);
}

enum error_code
credential_exit_code(int status)
{
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
		if (meanings[i].status == status)
			return meanings[i].code;
	}
	return ERROR_KEYRING;
}

static void
exit_print_cause(const struct error *err)
{
	const char *cause = err->cause;

	if (cause == NULL && err->code == ERROR_KEYRING)
		cause = "keyring";
	if (cause != NULL)
		fprintf(stderr, "cause: %s\n", cause);
}

static void
exit_print_lines(const char *label, const struct error *err)
{
	fprintf(stderr, "%s: %s\n", label, err->message);
	if (err->hint[0] != '\0')
		fprintf(stderr, "hint: %s\n", err->hint);
}
