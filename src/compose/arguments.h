/* SPDX-License-Identifier: MIT */
#ifndef COMPOSE_ARGUMENTS_H
#define COMPOSE_ARGUMENTS_H

/*
 * The command line of postrider-compose: long options only, most of which may
 * be repeated.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

enum argument_id {
	ARGUMENT_TO,
	ARGUMENT_CC,
	ARGUMENT_REPLY_TO,
	ARGUMENT_SUBJECT,
	ARGUMENT_HEADER,
	ARGUMENT_IN_REPLY_TO,
	ARGUMENT_BODY,
	ARGUMENT_HTML,
	ARGUMENT_INLINE,
	ARGUMENT_ATTACH,
	ARGUMENT_COUNT
};

struct arguments {
	const char **value[ARGUMENT_COUNT]; /* borrowed from argv, in order */
	size_t count[ARGUMENT_COUNT];
	bool help;
	bool version;
};

/* Parses argv. arguments_done frees, also after a failure. ERROR_USAGE. */
int arguments_parse(struct arguments *arguments, int argc, char *const argv[],
    struct error *err);
void arguments_done(struct arguments *arguments);

/* Returns the value of an option that may be given once, or NULL. */
const char *arguments_text(const struct arguments *arguments,
    enum argument_id id);

/* Returns the name of an option, such as "--to". */
const char *argument_name(enum argument_id id);

void arguments_print_usage(FILE *out);

#endif
