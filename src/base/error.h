/* SPDX-License-Identifier: MIT */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/*
 * Why something failed. One code per reaction that a caller can have; one
 * table (error.c) says what exit status it means and whether trying again can
 * help. The struct is flat: it can be filled after ENOMEM, copied by
 * assignment, and needs no free.
 */

#include <stdbool.h>
#include <stddef.h>

enum error_code {
	ERROR_NONE,
	ERROR_USAGE,     /* the command line, or no recipients */
	ERROR_DATA,      /* an address or the message can't be read as one */
	ERROR_INPUT,     /* a named input file can't be read */
	ERROR_NO_USER,   /* the server knows no such recipient */
	ERROR_NO_HOST,   /* the name of the server doesn't exist */
	ERROR_REFUSED,   /* the server refused for good */
	ERROR_BUG,       /* ours */
	ERROR_SYSTEM,    /* memory, processes, descriptors */
	ERROR_CREATE,    /* a file of ours can't be created */
	ERROR_IO,        /* reading or writing failed half-way */
	ERROR_TEMPORARY, /* network, 4xx, deadline, garbage: try again */
	ERROR_AMBIGUOUS, /* the reply to the message was lost: try again */
	ERROR_KEYRING,   /* the keyring can't answer now */
	ERROR_SECURITY,  /* TLS, or an attack on it: never in the clear */
	ERROR_AUTH,      /* sign-in refused, or nothing to sign in with */
	ERROR_CONFIG,    /* the configuration */
	ERROR_CODE_COUNT
};

enum {
	ERROR_MESSAGE_SIZE = 768,
	ERROR_HINT_SIZE = 512,
	ERROR_ENHANCED_SIZE = 12
};

struct error {
	enum error_code code;
	int sys_errno;  /* 0 when no system call was the cause */
	int reply_code; /* RFC 5321 reply code, 0 when no reply was */
	char enhanced_code[ERROR_ENHANCED_SIZE]; /* RFC 3463, or "" */
	char message[ERROR_MESSAGE_SIZE];        /* one printable line */
	char hint[ERROR_HINT_SIZE];              /* the way out, or "" */
};

/*
 * Fills err with the code and one line of text, lower case and without a full
 * stop. Whatever the arguments hold, the line is made printable. The rest of
 * err is cleared. Always returns -1, so that "return error_set(...)" reads as
 * what it is.
 */
int error_set(struct error *err, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * The same for a failed system call: ": " and the text of errno are added, and
 * err->sys_errno keeps errno. ENOMEM turns any code into ERROR_SYSTEM.
 */
int error_set_errno(struct error *err, enum error_code code, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/* Adds the way out to an error that is set. Always returns -1. */
int error_hint(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Out of memory, in one word. Always returns -1. */
int error_no_memory(struct error *err);

/* The exit status of sysexits.h that the code means; 0 for ERROR_NONE. */
int error_exit_status(enum error_code code);

/* Whether the same thing may succeed when tried again soon. */
bool error_is_temporary(enum error_code code);

/* The code's name in JSON and in logs, e.g. "temporary". Static. */
const char *error_code_name(enum error_code code);

#endif
