/* SPDX-License-Identifier: MIT */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/*
 * Describes why an operation failed. There is one code for each reaction that a
 * caller can have; a table in error.c maps it to an exit status and says
 * whether a retry can help. The struct owns no memory: it can be filled after
 * ENOMEM, copied by assignment, and need not be freed.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error-topic.h"

enum error_code {
	ERROR_NONE,
	ERROR_QUEUED,    /* not sent now: the queue sends it later */
	ERROR_USAGE,     /* invalid command line, or no recipients */
	ERROR_DATA,      /* invalid address or message */
	ERROR_INPUT,     /* an input file cannot be read */
	ERROR_NO_USER,   /* the server does not know the recipient */
	ERROR_NO_HOST,   /* the name of the server does not exist */
	ERROR_REFUSED,   /* permanently refused by the server */
	ERROR_BUG,       /* a bug in this program */
	ERROR_SYSTEM,    /* memory, processes, descriptors */
	ERROR_CREATE,    /* an output file cannot be created */
	ERROR_IO,        /* an error while reading or writing */
	ERROR_LATER,     /* temporary, but not for minutes: don't retry now */
	ERROR_TEMPORARY, /* network, 4xx, deadline, malformed reply: retry */
	ERROR_PROTOCOL,  /* what the server sends is not SMTP: retry */
	ERROR_AMBIGUOUS, /* the message may have been accepted; a
			    retry may duplicate it */
	ERROR_KEYRING,   /* the keyring is not available */
	ERROR_SECURITY,  /* TLS failed or was attacked: do not fall back */
	ERROR_AUTH,      /* authentication refused, or no credential */
	ERROR_CONFIG,    /* invalid configuration */
	ERROR_CODE_COUNT
};

enum {
	ERROR_MESSAGE_SIZE = 768,
	ERROR_HINT_SIZE = 512,
	ERROR_ENHANCED_SIZE = 12
};

struct error {
	enum error_code code;
	int sys_errno;  /* 0 if no system call was the cause */
	int reply_code; /* of the server (RFC 5321), or 0 */
	char enhanced_code[ERROR_ENHANCED_SIZE]; /* RFC 3463, or "" */
	char message[ERROR_MESSAGE_SIZE];        /* one printable line */
	char hint[ERROR_HINT_SIZE]; /* what the user can do, or "" */
	enum error_topic topic;     /* of the hint */
	size_t reply_offset;   /* in message: the text of the reply, or 0 */
	const char *step;      /* of a session, such as "auth", or NULL */
	const char *mechanism; /* SASL, that was refused, or NULL */
	const char *cause;     /* a name of base/cause.h, or NULL */
	const char *address;   /* of the host, if not public: the kind, such as
				  "private"; or NULL */
};

/*
 * Sets code and message of err and clears the rest. The message is one line in
 * lower case without a full stop; it is made printable whatever the arguments
 * contain. Always returns -1, for "return error_set(...)".
 */
int error_set(struct error *err, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * The same after a failed system call: appends ": " and the text of errno, and
 * sets err->sys_errno. After a shortage the code is always ERROR_SYSTEM.
 */
int error_set_errno(struct error *err, enum error_code code, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/* Whether errno says that there is no memory or no free descriptor: then
 * nothing is known about the object of the system call. */
bool error_is_shortage(int sys_errno);

/* Puts a text and ": " before the message of an error that is set. Always
 * returns -1. */
int error_prefix(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Makes an error from another process well-formed, whatever its bytes are. It
 * has no cause then. */
void error_make_safe(struct error *err);

/* Adds the name of a cause (base/cause.h), which is kept. Always returns -1. */
int error_set_cause(struct error *err, const char *cause);

/* Adds a hint, an instruction to the user, and clears its topic. Always returns
 * -1. */
int error_hint(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Sets the topic of the hint. Always returns -1. */
int error_set_topic(struct error *err, enum error_topic topic);

/* Sets ERROR_SYSTEM, "out of memory". Always returns -1. */
int error_no_memory(struct error *err);

/* Returns the exit status (sysexits.h) for a code; 0 for ERROR_NONE. */
int error_exit_status(enum error_code code);

/* Returns whether a retry now may succeed and can not make a duplicate. */
bool error_is_temporary(enum error_code code);

/* The same for a retry at any time: a limit ends, a keyring is unlocked. */
bool error_may_heal(enum error_code code);

/* Returns the name of a code in JSON and in the log, such as "temporary". */
const char *error_code_name(enum error_code code);

#endif
