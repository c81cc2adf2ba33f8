/* SPDX-License-Identifier: MIT */
/*
 * Fills struct error and maps error codes to exit statuses. Errors are printed
 * elsewhere.
 */
#include "base/error.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/text.h"

struct error_code_info {
	const char *name;
	int exit_status;
	bool temporary;
};

static const struct error_code_info error_codes[ERROR_CODE_COUNT] = {
    [ERROR_NONE] = {"none", EX_OK, false},
    [ERROR_QUEUED] = {"queued", EX_OK, false},
    [ERROR_USAGE] = {"usage", EX_USAGE, false},
    [ERROR_DATA] = {"data", EX_DATAERR, false},
    [ERROR_INPUT] = {"input", EX_NOINPUT, false},
    [ERROR_NO_USER] = {"no-user", EX_NOUSER, false},
    [ERROR_NO_HOST] = {"no-host", EX_NOHOST, false},
    [ERROR_REFUSED] = {"refused", EX_UNAVAILABLE, false},
    [ERROR_BUG] = {"bug", EX_SOFTWARE, false},
    [ERROR_SYSTEM] = {"system", EX_OSERR, false},
    [ERROR_CREATE] = {"create", EX_CANTCREAT, false},
    [ERROR_IO] = {"io", EX_IOERR, false},
    [ERROR_LATER] = {"later", EX_TEMPFAIL, false},
    [ERROR_TEMPORARY] = {"temporary", EX_TEMPFAIL, true},
    [ERROR_PROTOCOL] = {"protocol", EX_PROTOCOL, true},
    [ERROR_AMBIGUOUS] = {"ambiguous", EX_TEMPFAIL, false},
    [ERROR_KEYRING] = {"keyring", EX_TEMPFAIL, false},
    [ERROR_SECURITY] = {"security", EX_PROTOCOL, false},
    [ERROR_AUTH] = {"auth", EX_NOPERM, false},
    [ERROR_CONFIG] = {"config", EX_CONFIG, false},
};

static void error_set_message(struct error *err, enum error_code code,
    const char *format, va_list args) __attribute__((format(printf, 3, 0)));

int
error_set(struct error *err, enum error_code code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	error_set_message(err, code, format, args);
	va_end(args);
	return -1;
}

int
error_set_errno(struct error *err, enum error_code code, const char *format,
    ...)
{
	int saved = errno;
	size_t used;
	va_list args;

	if (error_is_shortage(saved))
		code = ERROR_SYSTEM;
	va_start(args, format);
	error_set_message(err, code, format, args);
	va_end(args);
	err->sys_errno = saved;
	used = strlen(err->message);
	snprintf(err->message + used, sizeof err->message - used, ": %s",
	    strerror(saved));
	return -1;
}

int
error_prefix(struct error *err, const char *format, ...)
{
	char message[ERROR_MESSAGE_SIZE];
	char prefix[ERROR_MESSAGE_SIZE];
	va_list args;

	memcpy(message, err->message, sizeof message);
	va_start(args, format);
	text_vformat_printable(prefix, sizeof prefix, format, args);
	va_end(args);
	text_format_printable(err->message, sizeof err->message, "%s: %s",
	    prefix, message);
	return -1;
}

void
error_make_safe(struct error *err)
{
	struct error safe = {.code = err->code,
	    .sys_errno = err->sys_errno,
	    .reply_code = err->reply_code};

	if ((unsigned)err->code >= ERROR_CODE_COUNT || err->code == ERROR_NONE)
		safe.code = ERROR_BUG;
	if ((unsigned)err->topic < ERROR_TOPIC_COUNT)
		safe.topic = err->topic;
	text_printable(safe.enhanced_code, sizeof safe.enhanced_code,
	    err->enhanced_code,
	    strnlen(err->enhanced_code, sizeof err->enhanced_code));
	text_printable(safe.message, sizeof safe.message, err->message,
	    strnlen(err->message, sizeof err->message));
	text_printable(safe.hint, sizeof safe.hint, err->hint,
	    strnlen(err->hint, sizeof err->hint));
	*err = safe;
}

int
error_hint(struct error *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vformat_printable(err->hint, sizeof err->hint, format, args);
	va_end(args);
	err->topic = ERROR_TOPIC_NONE;
	return -1;
}

int
error_set_cause(struct error *err, const char *cause)
{
	err->cause = cause;
	return -1;
}

int
error_set_topic(struct error *err, enum error_topic topic)
{
	err->topic = topic;
	return -1;
}

int
error_no_memory(struct error *err)
{
	errno = ENOMEM;
	error_set(err, ERROR_SYSTEM, "out of memory");
	err->sys_errno = ENOMEM;
	return -1;
}

bool
error_is_shortage(int sys_errno)
{
	return sys_errno == ENOMEM || sys_errno == EMFILE ||
	    sys_errno == ENFILE;
}

int
error_exit_status(enum error_code code)
{
	assert(code < ERROR_CODE_COUNT);
	return error_codes[code].exit_status;
}

bool
error_is_temporary(enum error_code code)
{
	assert(code < ERROR_CODE_COUNT);
	return error_codes[code].temporary;
}

bool
error_may_heal(enum error_code code)
{
	return error_is_temporary(code) || code == ERROR_LATER ||
	    code == ERROR_KEYRING;
}

const char *
error_code_name(enum error_code code)
{
	assert(code < ERROR_CODE_COUNT);
	return error_codes[code].name;
}

static void
error_set_message(struct error *err, enum error_code code, const char *format,
    va_list args)
{
	struct error set = {.code = code};

	/* The arguments may point into err. */
	text_vformat_printable(set.message, sizeof set.message, format, args);
	*err = set;
}
