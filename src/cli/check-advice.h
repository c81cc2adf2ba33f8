/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHECK_ADVICE_H
#define CLI_CHECK_ADVICE_H

/* Advice on a server that works, from the steps of a session. */

#include <stdbool.h>
#include <stddef.h>

#include "config/account.h"
#include "smtp/step.h"
#include "submit/route.h"

enum {
	CHECK_ADVICE_MAX = 24,
	CHECK_ADVICE_SIZE = 384,
	CHECK_COMMAND_SIZE = 256,
	CHECK_MECHANISMS_MAX = 40
};

struct check_advice {
	struct check_advice_item {
		bool is_warning; /* else a note */
		char text[CHECK_ADVICE_SIZE];
		char command[CHECK_COMMAND_SIZE]; /* that mends it, or "" */
	} item[CHECK_ADVICE_MAX];
	size_t count;
};

/* Adds what can be said of the account alone. */
void check_advise_before(struct check_advice *advice,
    const struct route *route);

/* Adds the advice that follows from a step. */
void check_advise(struct check_advice *advice, const struct account *account,
    const struct smtp_step *step);

/* Adds a printable text, and the command that mends what it says, or NULL. */
void check_advice_add(struct check_advice *advice, bool is_warning,
    const char *command, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* An extension of SMTP, and what a server without it lacks. */
struct check_extension {
	const char *name;
	size_t flag; /* offset of the bool in struct smtp_extensions */
	const char *without;
};

/* The extensions that postrider uses; ended by a NULL name. */
extern const struct check_extension check_extensions[];

bool check_extension_is_there(const struct check_extension *extension,
    const struct smtp_extensions *extensions);

/* A mechanism, and why it is used or not. */
struct check_mechanism {
	char name[48];
	bool is_offered;
	bool is_chosen;
	const char *why; /* static */
};

/*
 * Lists every mechanism that the server offers or that auth names. step is a
 * SMTP_STEP_MECHANISM. Returns their number.
 */
size_t check_mechanisms(const struct smtp_step *step,
    struct check_mechanism out[CHECK_MECHANISMS_MAX]);

#endif
