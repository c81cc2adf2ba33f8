/* SPDX-License-Identifier: MIT */
#ifndef BASE_CAUSE_H
#define BASE_CAUSE_H

/*
 * The causes that a failure is classified into. Their names are stable: they
 * are in the log, in JSON, in the rules (submit/rule.h) and in the errors of
 * the helper programs (credential/exit-status.h).
 */

#include <stddef.h>

#include "base/error.h"

/* Whether another try can help; replaces the first digit of the reply code. */
enum cause_retry {
	CAUSE_RETRY_BY_REPLY, /* 4xx: soon; 5xx: never */
	CAUSE_RETRY_SLOWLY,   /* 4xx: later; 5xx: never */
	CAUSE_RETRY_NEVER,
	CAUSE_RETRY_SOON,
	CAUSE_RETRY_LATER /* temporary, but not within minutes */
};

struct cause {
	const char *name;
	enum cause_retry retry;
	enum error_code
	    code;            /* of a permanent failure; ERROR_NONE: unchanged */
	const char *meaning; /* a clause, for the manual and for check */
};

/* All causes; ends with a row whose name is NULL. */
extern const struct cause causes[];

/* Finds a kind of retry by its name: soon, later or never. Another name is
 * CAUSE_RETRY_BY_REPLY. */
enum cause_retry cause_find_retry(const char *name, size_t len);

/* Finds a cause by the len bytes of its name. NULL if there is none. */
const struct cause *cause_find(const char *name, size_t len);

/* Corrects the code of an error that no reply caused, as a rule says. */
void cause_apply_here(enum cause_retry retry, struct error *err);

/*
 * Records the cause in err, and corrects its code where a retry can, or cannot,
 * help: retry is the cause's, or that of a rule which knows better. An error
 * that no reply caused keeps its code.
 */
void cause_apply(const struct cause *cause, enum cause_retry retry,
    struct error *err);

#endif
