/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHECK_ADVICE_H
#define CLI_CHECK_ADVICE_H

/* What is worth knowing about a server that works. */

#include <stdbool.h>
#include <stddef.h>

#include "config/account.h"
#include "smtp/step.h"

enum {
	CHECK_ADVICE_MAX = 8,
	CHECK_ADVICE_SIZE = 256,
	CHECK_MECHANISMS_MAX = 40
};

struct check_advice {
	struct check_advice_item {
		bool is_warning; /* else a note */
		char text[CHECK_ADVICE_SIZE];
	} item[CHECK_ADVICE_MAX];
	size_t count;
};

/* Takes in what a step shows. */
void check_advise(struct check_advice *advice, const struct account *account,
    const struct smtp_step *step);

/* An extension, and what follows where it is missing. */
struct check_extension {
	const char *name;
	size_t flag; /* offset of the bool in struct smtp_extensions */
	const char *without;
};

/* Those that matter, ended by a NULL name. */
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
 * Every mechanism that the server offers, and those that auth names besides.
 * step is one that tells the mechanism. Returns how many there are.
 */
size_t check_mechanisms(const struct smtp_step *step,
    struct check_mechanism out[CHECK_MECHANISMS_MAX]);

#endif
